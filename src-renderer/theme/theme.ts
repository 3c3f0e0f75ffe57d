// Colours and density. Follows the system's light or dark preference.
import { createTheme } from '@mui/material/styles';

export const theme = createTheme({
  cssVariables: true,
  colorSchemes: {
    light: {
      palette: { primary: { main: '#1f5a96' }, secondary: { main: '#b86a1b' }, background: { default: '#f4f6f9' } },
    },
    dark: {
      palette: {
        primary: { main: '#7fb3ea' },
        secondary: { main: '#f2a65a' },
        background: { default: '#11161d', paper: '#1a212b' },
      },
    },
  },
  shape: { borderRadius: 8 },
  typography: { fontFamily: 'Roboto, system-ui, sans-serif', button: { textTransform: 'none' } },
  components: {
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiTextField: { defaultProps: { size: 'small' } },
    MuiSelect: { defaultProps: { size: 'small' } },
    MuiDialogActions: { styleOverrides: { root: { padding: '8px 24px 20px' } } },
    MuiTooltip: { defaultProps: { enterDelay: 400 } },
  },
});
