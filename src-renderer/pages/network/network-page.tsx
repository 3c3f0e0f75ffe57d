// The network manager: where a VirtualBox user looks for networks, and what this version has of them: none yet, with the reason.
import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import LanIcon from '@mui/icons-material/LanOutlined';
import SettingsIcon from '@mui/icons-material/SettingsOutlined';
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import { Pane } from '../../components/pane.tsx';
import { useText } from '../../i18n/text.ts';

const kinds = ['hostOnly', 'nat', 'internal'] as const;
type Kind = (typeof kinds)[number];

export function NetworkPage(): ReactElement {
  const { common, panes } = useText();
  const text = panes.network;
  const [kind, setKind] = useState<Kind>('hostOnly');
  const refusal = common.notInThisVersion;
  return (
    <Pane
      label={text.title}
      menu={text.menu}
      actions={[
        { title: text.create, icon: <AddIcon />, keys: ['Ctrl+Shift+C'], refusal, run: () => {} },
        { title: text.remove, icon: <DeleteIcon />, keys: ['Ctrl+Shift+R'], refusal, run: () => {} },
        null,
        { title: text.properties, icon: <SettingsIcon />, keys: ['Ctrl+Shift+P'], refusal, run: () => {} },
      ]}
    >
      <Tabs
        value={kind}
        onChange={(_event, chosen: Kind) => setKind(chosen)}
        aria-label={text.title}
        variant="scrollable"
        scrollButtons="auto"
        sx={{ px: 1, borderBottom: 1, borderColor: 'divider', bgcolor: 'background.paper', flexShrink: 0 }}
      >
        {kinds.map((name) => (
          <Tab
            key={name}
            value={name}
            id={`network-tab-${name}`}
            aria-controls={`network-${name}`}
            label={text.tabs[name]}
          />
        ))}
      </Tabs>
      <Box
        role="tabpanel"
        id={`network-${kind}`}
        aria-labelledby={`network-tab-${kind}`}
        sx={{ flex: 1, minHeight: 0, overflow: 'auto', display: 'flex', p: 3 }}
      >
        <Box sx={{ m: 'auto', maxWidth: 520, textAlign: 'center', textWrap: 'balance' }}>
          <LanIcon sx={{ fontSize: 56, color: 'text.disabled' }} aria-hidden />
          <Typography variant="h6" component="h2" sx={{ mt: 1 }}>
            {text.none[kind]}
          </Typography>
          <Typography variant="body2" sx={{ mt: 1 }}>
            {text.meanings[kind]}
          </Typography>
          <Typography variant="body2" color="textSecondary" sx={{ mt: 2 }}>
            {text.reason}
          </Typography>
        </Box>
      </Box>
    </Pane>
  );
}
