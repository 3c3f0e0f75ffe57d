// The bar at the far left: the pages of the whole application, each with its label.

import MediaIcon from '@mui/icons-material/AlbumOutlined';
import MachinesIcon from '@mui/icons-material/DnsOutlined';
import ActivityIcon from '@mui/icons-material/InsightsOutlined';
import NetworkIcon from '@mui/icons-material/LanOutlined';
import DoctorIcon from '@mui/icons-material/MonitorHeartOutlined';
import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import { type GlobalPage, globalPages, showPage, useManager } from './manager-store.ts';

const icons: Record<GlobalPage, typeof MediaIcon> = {
  machines: MachinesIcon,
  media: MediaIcon,
  network: NetworkIcon,
  activity: ActivityIcon,
  doctor: DoctorIcon,
};

export function SideBar(): ReactElement {
  const { manager: text } = useText();
  const shown = useManager((manager) => manager.page);
  return (
    <Box
      component="nav"
      aria-label={text.pagesLabel}
      sx={{
        width: 84,
        flexShrink: 0,
        display: 'flex',
        flexDirection: 'column',
        gap: 0.5,
        p: 0.75,
        borderRight: 1,
        borderColor: 'divider',
        bgcolor: 'background.default',
        overflowY: 'auto',
      }}
    >
      {globalPages.map((page) => {
        const Icon = icons[page];
        const isShown = page === shown;
        return (
          <ButtonBase
            key={page}
            aria-current={isShown ? 'page' : undefined}
            onClick={() => showPage(page)}
            sx={{
              flexDirection: 'column',
              flexShrink: 0,
              gap: 0.25,
              py: 1,
              borderRadius: 1,
              fontSize: '0.75rem',
              fontFamily: 'inherit',
              fontWeight: isShown ? 700 : 500,
              color: isShown ? 'primary.main' : 'text.secondary',
              bgcolor: isShown ? 'action.selected' : 'transparent',
              '&:hover': { bgcolor: 'action.hover' },
              '&.Mui-focusVisible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: -2 },
            }}
          >
            <Icon />
            {text.pages[page]}
          </ButtonBase>
        );
      })}
    </Box>
  );
}
