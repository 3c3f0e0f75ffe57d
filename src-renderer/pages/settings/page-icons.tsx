// The pages' icons, the same in the dialog and in the details.
import ComputerIcon from '@mui/icons-material/ComputerOutlined';
import FolderSharedIcon from '@mui/icons-material/FolderSharedOutlined';
import LanIcon from '@mui/icons-material/LanOutlined';
import MemoryIcon from '@mui/icons-material/Memory';
import MonitorIcon from '@mui/icons-material/MonitorOutlined';
import StorageIcon from '@mui/icons-material/StorageOutlined';
import TerminalIcon from '@mui/icons-material/TerminalOutlined';
import UsbIcon from '@mui/icons-material/Usb';
import VolumeUpIcon from '@mui/icons-material/VolumeUpOutlined';
import WebAssetIcon from '@mui/icons-material/WebAssetOutlined';
import type { ReactElement } from 'react';
import type { SettingsPage } from './pages.ts';

export const pageIcons: Record<SettingsPage, ReactElement> = {
  general: <ComputerIcon fontSize="small" />,
  system: <MemoryIcon fontSize="small" />,
  display: <MonitorIcon fontSize="small" />,
  storage: <StorageIcon fontSize="small" />,
  audio: <VolumeUpIcon fontSize="small" />,
  network: <LanIcon fontSize="small" />,
  serial: <TerminalIcon fontSize="small" />,
  usb: <UsbIcon fontSize="small" />,
  sharedFolders: <FolderSharedIcon fontSize="small" />,
  userInterface: <WebAssetIcon fontSize="small" />,
};
