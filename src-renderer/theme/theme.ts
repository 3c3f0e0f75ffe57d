// Colours and density. Everything is measured in rem, so that the preference for the size of text and controls scales it all.
import { createTheme, type Theme } from '@mui/material/styles';

const PX_PER_REM = 16;
const rem = (px: number): string => `${px / PX_PER_REM}rem`;

/** Numbers of `sx` that mean pixels elsewhere are scaled here too; fractions and strings stay what they are. */
const scaled = (value: unknown): string =>
  typeof value !== 'number' ? String(value) : value <= 1 && value > 0 ? `${value * 100}%` : rem(value);
const offset = (value: unknown): string => (typeof value === 'number' ? rem(value) : String(value));
const sizes = ['width', 'minWidth', 'maxWidth', 'height', 'minHeight', 'maxHeight', 'flexBasis'] as const;
const offsets = ['top', 'right', 'bottom', 'left'] as const;

/** Typography knows its text colours by names of its own only; here it takes those that `sx` takes too. */
const dottedColours = ['text.secondary', 'text.disabled', 'error.main', 'warning.main', 'success.main'].map(
  (color) => ({
    props: { color },
    style: { color: `var(--mui-palette-${color.replace('.', '-')})` },
  }),
);

/** `scale` is 1 for 100 %. The root's font size follows it: see app-frame.tsx. */
export function themeFor(scale: number): Theme {
  return createTheme({
    // A class, for the preference may say otherwise than the system.
    cssVariables: { colorSchemeSelector: 'class' },
    colorSchemes: {
      light: {
        palette: {
          primary: { main: '#1f5a96' },
          secondary: { main: '#9a5410' },
          success: { main: '#2a7a3b' },
          warning: { main: '#a35b00' },
          background: { default: '#f3f5f8', paper: '#ffffff' },
          text: { secondary: 'rgba(0, 0, 0, 0.63)' },
        },
      },
      dark: {
        palette: {
          primary: { main: '#85b8ee' },
          secondary: { main: '#f2a65a' },
          error: { main: '#ff8a80', contrastText: 'rgba(0, 0, 0, 0.87)' },
          success: { main: '#7cc98a' },
          warning: { main: '#f0b35e' },
          background: { default: '#11161d', paper: '#1b222c' },
          divider: 'rgba(255, 255, 255, 0.14)',
        },
      },
    },
    spacing: (factor: number) => rem(8 * factor),
    breakpoints: {
      values: { xs: 0, sm: 600 * scale, md: 900 * scale, lg: 1200 * scale, xl: 1536 * scale },
    },
    shape: { borderRadius: 8 },
    unstable_sxConfig: {
      ...Object.fromEntries(sizes.map((name) => [name, { transform: scaled }])),
      ...Object.fromEntries(offsets.map((name) => [name, { transform: offset }])),
      fontSize: { themeKey: 'typography', transform: offset },
    },
    typography: {
      fontFamily: 'Roboto, system-ui, sans-serif',
      button: { textTransform: 'none' },
      h6: { fontSize: '1.125rem' },
    },
    components: {
      MuiButtonBase: { defaultProps: { disableRipple: true } },
      MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiDialog: { styleOverrides: { paper: { border: '1px solid var(--mui-palette-divider)' } } },
      MuiTypography: { variants: dottedColours },
      MuiButton: {
        styleOverrides: {
          root: {
            '& .MuiButton-startIcon > :nth-of-type(1), & .MuiButton-endIcon > :nth-of-type(1)': { fontSize: '1.25rem' },
          },
          sizeSmall: {
            '& .MuiButton-startIcon > :nth-of-type(1), & .MuiButton-endIcon > :nth-of-type(1)': {
              fontSize: '1.125rem',
            },
          },
        },
      },
      MuiTextField: { defaultProps: { size: 'small' } },
      MuiSelect: { defaultProps: { size: 'small' } },
      // Their own measures are pixels: at 200 % a label would lie on its text.
      MuiOutlinedInput: {
        styleOverrides: {
          input: {
            '.MuiInputBase-sizeSmall > &:not(textarea):not(.MuiAutocomplete-input)': {
              paddingTop: rem(8.5),
              paddingBottom: rem(8.5),
            },
          },
        },
      },
      MuiInputLabel: {
        styleOverrides: {
          outlined: {
            '&.MuiInputLabel-sizeSmall': {
              transform: `translate(14px, ${rem(9)}) scale(1)`,
              '&.MuiInputLabel-shrink': { transform: `translate(14px, ${rem(-9)}) scale(0.75)` },
            },
          },
        },
      },
      MuiDialogActions: { styleOverrides: { root: { padding: '0.5rem 1.5rem 1.25rem' } } },
      MuiTooltip: { defaultProps: { enterDelay: 400 } },
      MuiMenuItem: { styleOverrides: { root: { fontSize: '0.875rem' } } },
      MuiTab: { styleOverrides: { root: { minHeight: '2.75rem' } } },
      MuiTabs: { styleOverrides: { root: { minHeight: '2.75rem' } } },
    },
  });
}
