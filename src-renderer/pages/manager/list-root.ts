// How the machine list looks. One style for the whole list: hundreds of rows cost no style work of their own.
import { styled } from '@mui/material/styles';

export const ListRoot = styled('div')(({ theme }) => {
  const { palette } = theme.vars ?? theme;
  return {
    flex: 1,
    minHeight: 0,
    overflow: 'auto',
    padding: theme.spacing(0.75),
    outline: 'none',
    userSelect: 'none',
    '& .row': {
      position: 'relative',
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1.25),
      paddingRight: theme.spacing(1),
      borderRadius: 8,
      contentVisibility: 'auto',
      cursor: 'default',
    },
    '& .machine, & .broken': { height: '3.25rem', containIntrinsicSize: 'auto 3.25rem' },
    '& .group': { height: '2.25rem', containIntrinsicSize: 'auto 2.25rem', gap: theme.spacing(0.5) },
    '& .row:hover': { backgroundColor: palette.action.hover },
    '& .row[aria-selected=true]': {
      backgroundColor: `color-mix(in srgb, ${palette.primary.main} 16%, transparent)`,
    },
    '&:focus-visible .row.current': { outline: `2px solid ${palette.primary.main}`, outlineOffset: -2 },
    '& .row.into': { boxShadow: `inset 0 0 0 2px ${palette.primary.main}` },
    '& .row.before::before, & .row.after::after': {
      content: '""',
      position: 'absolute',
      left: 4,
      right: 4,
      height: 3,
      borderRadius: 2,
      backgroundColor: palette.primary.main,
    },
    '& .row.before::before': { top: 0 },
    '& .row.after::after': { bottom: 0 },
    '& .row.dragged': { opacity: 0.5 },
    '& .words': { flex: 1, minWidth: 0, lineHeight: 1.3 },
    '& .title': { display: 'flex', alignItems: 'center', gap: theme.spacing(0.5) },
    '& .name': {
      fontWeight: 500,
      fontSize: '0.9375rem',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    '& .state': {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      fontSize: '0.8125rem',
      color: palette.text.secondary,
      whiteSpace: 'nowrap',
    },
    '& .badge': {
      fontSize: '0.6875rem',
      lineHeight: 1.45,
      padding: '0 0.375rem',
      borderRadius: 4,
      border: `1px solid ${palette.divider}`,
      color: palette.text.secondary,
      fontVariantNumeric: 'tabular-nums',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    '& .badge.fast': { borderColor: palette.success.main, color: palette.success.main },
    '& .badge.slow': { borderColor: palette.warning.main, color: palette.warning.main },
    '& .thumbnail': {
      width: '3.5rem',
      height: '2.625rem',
      flexShrink: 0,
      borderRadius: 4,
      backgroundColor: '#000',
      objectFit: 'contain',
      border: `1px solid ${palette.divider}`,
    },
    '& .chevron': { flexShrink: 0, color: palette.text.secondary, transition: 'transform 120ms' },
    '& .chevron.open': { transform: 'rotate(90deg)' },
    '& .group .name': { flex: 1 },
    '& .count': { fontSize: '0.75rem', color: palette.text.secondary, fontVariantNumeric: 'tabular-nums' },
    '@media (prefers-reduced-motion: reduce)': { '& .chevron': { transition: 'none' } },
  };
});

/** How far a row of a level stands from the left edge. */
export function indent(level: number): string {
  return `${0.5 + (level - 1) * 0.875}rem`;
}

export function rowId(key: string): string {
  return `row-${encodeURIComponent(key)}`;
}
