// Colours and size of the windows.
import DarkModeIcon from '@mui/icons-material/DarkModeOutlined';
import LightModeIcon from '@mui/icons-material/LightModeOutlined';
import SettingsBrightnessIcon from '@mui/icons-material/SettingsBrightness';
import Box from '@mui/material/Box';
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import Slider from '@mui/material/Slider';
import Stack from '@mui/material/Stack';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { ReactElement } from 'react';
import type { Preferences } from '../../../src-main/contract/preferences.ts';
import { useText } from '../../i18n/text.ts';
import type { PageProps } from './pages.tsx';

const marks = [75, 100, 125, 150, 175, 200].map((value) => ({ value, label: `${value} %` }));

export function DisplayPage({ values, onChange }: PageProps): ReactElement {
  const { preferences } = useText();
  const text = preferences.display;
  return (
    <Stack spacing={4}>
      <Box>
        <FormLabel id="theme">{text.theme}</FormLabel>
        <ToggleButtonGroup
          exclusive
          aria-labelledby="theme"
          value={values.theme}
          onChange={(_event, theme: Preferences['theme'] | null) => theme && onChange({ theme })}
          sx={{ display: 'flex', flexWrap: 'wrap', mt: 1, '& button': { px: 2, gap: 1 } }}
        >
          <ToggleButton value="system">
            <SettingsBrightnessIcon fontSize="small" />
            {text.system}
          </ToggleButton>
          <ToggleButton value="light">
            <LightModeIcon fontSize="small" />
            {text.light}
          </ToggleButton>
          <ToggleButton value="dark">
            <DarkModeIcon fontSize="small" />
            {text.dark}
          </ToggleButton>
        </ToggleButtonGroup>
      </Box>
      <Box>
        <FormLabel id="ui-scale">{text.scale}</FormLabel>
        <Box sx={{ px: 2, pt: 1, maxWidth: 520 }}>
          <Slider
            aria-labelledby="ui-scale"
            min={75}
            max={200}
            step={5}
            marks={marks}
            value={values.uiScalePercent}
            valueLabelDisplay="auto"
            valueLabelFormat={(value) => `${value} %`}
            getAriaValueText={(value) => `${value} %`}
            onChange={(_event, uiScalePercent) => onChange({ uiScalePercent: uiScalePercent as number })}
          />
        </Box>
        <FormHelperText sx={{ mx: 0 }}>{text.scaleHelp}</FormHelperText>
      </Box>
    </Stack>
  );
}
