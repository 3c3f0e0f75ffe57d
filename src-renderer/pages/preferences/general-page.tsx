// Where machines live, and what becomes of running ones when Ospite ends.
import Button from '@mui/material/Button';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import type { Preferences } from '../../../src-main/contract/preferences.ts';
import { useHost } from '../../client/store.ts';
import { FileChooser } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';
import type { PageProps } from './pages.tsx';

export function GeneralPage({ values, problem, onChange }: PageProps): ReactElement {
  const { common, preferences } = useText();
  const text = preferences.general;
  const home = useHost((host) => host.info?.home) ?? '';
  const [isChoosing, setIsChoosing] = useState(false);
  const usual = home === '' ? '' : `${home}${home.includes('\\') ? '\\' : '/'}machines`;
  return (
    <Stack spacing={3}>
      <Stack direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
        <TextField
          fullWidth
          label={text.machineFolder}
          value={values.machineFolder ?? ''}
          placeholder={usual}
          error={problem !== ''}
          helperText={problem || text.machineFolderHelp}
          onChange={(event) => onChange({ machineFolder: event.target.value === '' ? null : event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <Button variant="outlined" sx={{ height: 40, flexShrink: 0 }} onClick={() => setIsChoosing(true)}>
          {common.browse}
        </Button>
      </Stack>
      <FileChooser
        isOpen={isChoosing}
        kind="folder"
        title={text.machineFolder}
        onClose={() => setIsChoosing(false)}
        onChoose={(machineFolder) => {
          setIsChoosing(false);
          onChange({ machineFolder });
        }}
      />
      <FormControl>
        <FormLabel id="on-host-exit">{text.onHostExit}</FormLabel>
        <RadioGroup
          aria-labelledby="on-host-exit"
          value={values.onHostExit}
          onChange={(_event, chosen) => onChange({ onHostExit: chosen as Preferences['onHostExit'] })}
        >
          <FormControlLabel value="powerButton" control={<Radio />} label={text.powerButton} />
          <FormHelperText sx={{ ml: 4, mt: -0.5 }}>{text.powerButtonHelp}</FormHelperText>
          <FormControlLabel value="powerOff" control={<Radio />} label={text.powerOff} />
          <FormHelperText sx={{ ml: 4, mt: -0.5 }}>{text.powerOffHelp}</FormHelperText>
        </RadioGroup>
      </FormControl>
    </Stack>
  );
}
