// What is known of a medium, below the list.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import type { MediumSummary } from '../../../src-main/contract/methods/medium.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { formatNumber, formatSize } from '../activity/quantities.ts';

export function MediumProperties({ medium }: { medium: MediumSummary | null }): ReactElement {
  const { panes } = useText();
  const { media: text, locale } = panes;
  const [tab, setTab] = useState<'attributes' | 'information'>('attributes');
  const bytes = (count: number): string =>
    `${formatSize(count, locale)} (${text.bytes(formatNumber(count, locale, 0))})`;
  return (
    <Box
      component="section"
      aria-label={text.properties}
      sx={{
        borderTop: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        height: 220,
        overflow: 'auto',
        flexShrink: 0,
      }}
    >
      <Tabs value={tab} onChange={(_event, chosen) => setTab(chosen)} sx={{ px: 1 }}>
        <Tab value="attributes" id="medium-tab-attributes" aria-controls="medium-attributes" label={text.attributes} />
        <Tab
          value="information"
          id="medium-tab-information"
          aria-controls="medium-information"
          label={text.information}
        />
      </Tabs>
      <Box role="tabpanel" id={`medium-${tab}`} aria-labelledby={`medium-tab-${tab}`} sx={{ px: 2, py: 1.5 }}>
        {!medium && (
          <Typography variant="body2" color="textSecondary">
            {text.noneChosen}
          </Typography>
        )}
        {medium && medium.problem !== '' && (
          <Alert severity="warning" sx={{ mb: 1.5 }}>
            {medium.problem}
          </Alert>
        )}
        {medium && tab === 'attributes' && (
          <Properties
            rows={[
              [text.kind, text.kinds[medium.kind]],
              [text.location, medium.path],
              [
                text.size,
                medium.problem === '' ? `${formatSize(medium.capacityBytes, locale)} · ${text.noResize}` : '–',
              ],
            ]}
          />
        )}
        {medium && tab === 'information' && (
          <Properties
            rows={[
              [text.format, medium.format === '' ? text.unknown : medium.format],
              [text.virtualSize, medium.problem === '' ? bytes(medium.capacityBytes) : '–'],
              [text.actualSize, medium.problem === '' ? bytes(medium.allocatedBytes) : '–'],
              [text.attachedTo, medium.usedBy.map(({ name }) => name).join(', ') || text.notAttached],
            ]}
          />
        )}
      </Box>
    </Box>
  );
}
