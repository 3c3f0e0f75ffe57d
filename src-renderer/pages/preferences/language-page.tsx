// The language of the windows.
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import type { ReactElement } from 'react';
import type { Preferences } from '../../../src-main/contract/preferences.ts';
import { useText } from '../../i18n/text.ts';
import type { PageProps } from './pages.tsx';

export function LanguagePage({ values, onChange }: PageProps): ReactElement {
  const { preferences } = useText();
  const text = preferences.language;
  return (
    <FormControl>
      <FormLabel id="language">{text.label}</FormLabel>
      <RadioGroup
        aria-labelledby="language"
        value={values.language}
        onChange={(_event, chosen) => onChange({ language: chosen as Preferences['language'] })}
      >
        <FormControlLabel value="system" control={<Radio />} label={text.system} />
        {/* Each in its own language, for those who do not read the present one. */}
        <FormControlLabel value="en" control={<Radio />} label={<span lang="en">English</span>} />
        <FormControlLabel value="it" control={<Radio />} label={<span lang="it">Italiano</span>} />
      </RadioGroup>
      <FormHelperText sx={{ mx: 0, mt: 1 }}>{text.help}</FormHelperText>
    </FormControl>
  );
}
