// A page whose devices come with a later version: says so, and shows where their switches will be.
import Alert from '@mui/material/Alert';
import type { ReactElement } from 'react';
import { SwitchControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { useText } from '../../i18n/text.ts';
import { FixedControl } from './fixed-control.tsx';
import type { FieldName } from './pages.ts';

type Coming = 'audio' | 'network' | 'usb' | 'sharedFolders';

export function ComingPage({ page }: { page: Coming }): ReactElement {
  const { settings: text } = useText();
  return (
    <>
      <Alert severity="info" variant="outlined" sx={{ mb: 2 }}>
        {text.comings.machineHas(text.comings[page])}
      </Alert>
      <Block title={page === 'network' ? text.adapter(1) : text.pages[page]}>
        <ComingFields page={page} />
      </Block>
    </>
  );
}

function ComingFields({ page }: { page: Coming }): ReactElement {
  const { settings: text } = useText();
  switch (page) {
    case 'audio':
      return (
        <>
          <Switch field="audioEnabled" title={text.switches.audioEnabled} />
          <Choice field="audioDriver" title={text.off} />
          <Choice field="audioController" title={text.off} />
          <Switch field="audioStreams" title={text.switches.audioOutput} />
        </>
      );
    case 'network':
      return (
        <>
          <Switch field="networkEnabled" title={text.switches.networkEnabled} />
          <Choice field="networkAttachment" title={text.notAttached} />
          <Choice field="networkType" title={text.off} />
          <Switch field="networkCable" title={text.switches.networkCable} />
        </>
      );
    case 'usb':
      return (
        <>
          <Switch field="usbEnabled" title={text.switches.usbEnabled} />
          <Choice field="usbFilters" title={text.noFilters} />
        </>
      );
    case 'sharedFolders':
      return <Choice field="sharedFolders" title={text.noFolders} />;
  }
}

function Switch({ field, title }: { field: FieldName; title: string }): ReactElement {
  const { settings: text } = useText();
  return (
    <Field {...text.fields[field]}>
      {(ids) => <SwitchControl ids={ids} title={title} isOn={false} reason={text.notNow} onChange={() => {}} />}
    </Field>
  );
}

function Choice({ field, title }: { field: FieldName; title: string }): ReactElement {
  const { settings: text } = useText();
  return <Field {...text.fields[field]}>{(ids) => <FixedControl ids={ids} title={title} />}</Field>;
}
