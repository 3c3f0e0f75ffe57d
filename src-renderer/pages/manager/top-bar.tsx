// The top of the window: the menu bar, the way into the command palette, and the notification centre's counter.
import BellIcon from '@mui/icons-material/NotificationsNoneOutlined';
import SearchIcon from '@mui/icons-material/Search';
import Badge from '@mui/material/Badge';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
import type { ReactElement } from 'react';
import { useNotificationCount } from '../../app/notification-centre.tsx';
import { MenuBar, type MenuBarMenu } from '../../components/menu-bar.tsx';
import { useText } from '../../i18n/text.ts';
import { openDialog, useManager } from './manager-store.ts';

export function TopBar({ menus, paletteKeys }: { menus: MenuBarMenu[]; paletteKeys: string | null }): ReactElement {
  const { manager: text } = useText();
  const count = useNotificationCount();
  const isOpen = useManager((manager) => manager.isCentreOpen);
  return (
    <Box
      component="header"
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 0.5,
        px: 1,
        py: 0.5,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Box component="img" src="./icon.svg" alt="" sx={{ width: 22, height: 22, mx: 0.75 }} />
      <MenuBar label={text.menus.bar} menus={menus} />
      <Box sx={{ flex: 1 }} />
      <Button
        size="small"
        color="inherit"
        variant="outlined"
        startIcon={<SearchIcon />}
        onClick={() => openDialog({ kind: 'palette' })}
        sx={{
          color: 'text.secondary',
          borderColor: 'divider',
          minWidth: 220,
          justifyContent: 'flex-start',
          fontWeight: 400,
        }}
      >
        {text.palette.open}
        <Box component="span" sx={{ ml: 'auto', pl: 2, fontSize: '0.75rem' }}>
          {paletteKeys}
        </Box>
      </Button>
      <Tooltip title={text.notifications(count)}>
        <IconButton
          size="small"
          aria-label={text.notifications(count)}
          aria-expanded={isOpen}
          onClick={() => useManager.setState({ isCentreOpen: !isOpen })}
        >
          <Badge badgeContent={count} color="secondary" overlap="circular">
            <BellIcon />
          </Badge>
        </IconButton>
      </Tooltip>
    </Box>
  );
}
