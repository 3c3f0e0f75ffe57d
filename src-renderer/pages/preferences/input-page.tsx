// Keys: of the manager window, of consoles together with the Host key, and the Host key itself.
import Box from '@mui/material/Box';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Switch from '@mui/material/Switch';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { type ReactElement, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { consoleShortcuts } from '../../shortcuts/console.ts';
import { managerShortcuts } from '../../shortcuts/manager.ts';
import { HostKeyField } from './host-key-field.tsx';
import type { PageProps } from './pages.tsx';
import { ShortcutTable } from './shortcut-table.tsx';

export function InputPage({ values, onChange }: PageProps): ReactElement {
  const { preferences } = useText();
  const text = preferences.input;
  const [tab, setTab] = useState<'manager' | 'console'>('manager');
  return (
    <>
      <Tabs value={tab} onChange={(_event, chosen) => setTab(chosen)} sx={{ mb: 2, mt: -1 }}>
        <Tab value="manager" id="keys-tab-manager" aria-controls="keys-manager" label={text.manager} />
        <Tab value="console" id="keys-tab-console" aria-controls="keys-console" label={text.console} />
      </Tabs>
      {tab === 'manager' ? (
        <Box role="tabpanel" id="keys-manager" aria-labelledby="keys-tab-manager">
          <ShortcutTable
            titles={preferences.managerActions}
            defaults={managerShortcuts}
            changed={values.managerShortcuts}
            prefix=""
            onChange={(changed) => onChange({ managerShortcuts: changed })}
          />
          {!window.ospiteDesktop && <FormHelperText sx={{ mt: 1 }}>{text.browserKeys}</FormHelperText>}
        </Box>
      ) : (
        <Box role="tabpanel" id="keys-console" aria-labelledby="keys-tab-console">
          <HostKeyField value={values.hostKey} onChange={(hostKey) => onChange({ hostKey })} />
          <FormControlLabel
            sx={{ mt: 1 }}
            control={
              <Switch
                checked={values.autoCaptureKeyboard}
                onChange={(_event, autoCaptureKeyboard) => onChange({ autoCaptureKeyboard })}
              />
            }
            label={text.autoCapture}
          />
          <FormHelperText sx={{ mb: 2 }}>{text.autoCaptureHelp}</FormHelperText>
          <ShortcutTable
            titles={preferences.consoleActions}
            defaults={consoleShortcuts}
            changed={values.consoleShortcuts}
            prefix={text.hostPlus}
            onChange={(changed) => onChange({ consoleShortcuts: changed })}
          />
        </Box>
      )}
    </>
  );
}
