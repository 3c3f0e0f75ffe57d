// A choice that has only one in this version.
import type { ReactElement } from 'react';
import { ChoiceControl } from '../../forms/controls.tsx';
import type { FieldIds } from '../../forms/field.tsx';

export function FixedControl({ ids, title }: { ids: FieldIds; title: string }): ReactElement {
  return <ChoiceControl ids={ids} value="only" isDisabled choices={[{ value: 'only', title }]} onChange={() => {}} />;
}
