// The media manager: every image that machines use or that was added, and what can be done with it.
import AddIcon from '@mui/icons-material/Add';
import AlbumIcon from '@mui/icons-material/AlbumOutlined';
import CleaningServicesIcon from '@mui/icons-material/CleaningServicesOutlined';
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import DriveFileMoveIcon from '@mui/icons-material/DriveFileMoveOutlined';
import EjectIcon from '@mui/icons-material/EjectOutlined';
import InfoIcon from '@mui/icons-material/InfoOutlined';
import CreateNewFolderIcon from '@mui/icons-material/NoteAddOutlined';
import RefreshIcon from '@mui/icons-material/Refresh';
import SaveIcon from '@mui/icons-material/SaveOutlined';
import SearchIcon from '@mui/icons-material/Search';
import StorageIcon from '@mui/icons-material/StorageOutlined';
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import type { MediumKind, MediumSummary } from '../../../src-main/contract/methods/medium.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { FileChooser } from '../../components/file-chooser.tsx';
import { Pane, type PaneAction } from '../../components/pane.tsx';
import { useText } from '../../i18n/text.ts';
import { CopyOrMoveDialog, CreateDialog, ReleaseDialog, RemoveDialog } from './dialogs.tsx';
import { MediaTable } from './media-table.tsx';
import { MediumProperties } from './medium-properties.tsx';
import { copyName, freeName } from './paths.ts';
import { TaskList } from './task-list.tsx';
import { useMedia, useOwnTasks } from './use-media.ts';

const kinds: { kind: MediumKind; icon: ReactElement; extensions: string[] }[] = [
  { kind: 'disk', icon: <StorageIcon fontSize="small" />, extensions: ['.img', '.raw', '.hdd'] },
  { kind: 'cdrom', icon: <AlbumIcon fontSize="small" />, extensions: ['.iso', '.cdr'] },
  { kind: 'floppy', icon: <SaveIcon fontSize="small" />, extensions: ['.img', '.ima', '.flp', '.vfd'] },
];

type Asked = 'add' | 'create' | 'copy' | 'move' | 'remove' | 'release';

export function MediaPage(): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  const { media, refresh } = useMedia();
  const [tasks, follow] = useOwnTasks();
  const [kind, setKind] = useState<MediumKind>('disk');
  const [selected, setSelected] = useState<string | null>(null);
  const [searched, setSearched] = useState<string | null>(null);
  const [hasProperties, setHasProperties] = useState(true);
  const [asked, setAsked] = useState<Asked | null>(null);
  const machineFolder = useHost((host) => host.info?.machineFolder) ?? '/';
  const all = media ?? [];
  const ofKind = all.filter((medium) => medium.kind === kind);
  const shown = ofKind.filter((medium) => medium.path.toLowerCase().includes((searched ?? '').toLowerCase()));
  const medium = shown.find(({ path }) => path === selected) ?? null;
  const isKnown = (path: string): boolean => all.some((other) => other.path === path);
  const cleared = ofKind.filter((candidate) => candidate.problem !== '' && candidate.usedBy.length === 0);
  const close = (): void => setAsked(null);
  const { extensions } = kinds.find((candidate) => candidate.kind === kind)!;

  const clear = (): Promise<boolean> =>
    attempt(async () => {
      for (const { path } of cleared) await client.call('medium.remove', { path });
    }).finally(refresh);
  const actions = actionsFor({ kind, medium, cleared, text, ask: setAsked, clear });
  return (
    <Pane
      label={text.title}
      menu={text.menu}
      actions={[
        ...actions,
        {
          title: text.search,
          icon: <SearchIcon />,
          isPressed: searched !== null,
          run: () => setSearched(searched === null ? '' : null),
        },
        {
          title: text.properties,
          icon: <InfoIcon />,
          keys: ['Ctrl+Shift+P'],
          isPressed: hasProperties,
          run: () => setHasProperties(!hasProperties),
        },
        { title: text.refresh, icon: <RefreshIcon />, keys: ['Ctrl+Shift+F', 'F5'], run: refresh },
      ]}
    >
      <Box
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: 2,
          px: 1,
          borderBottom: 1,
          borderColor: 'divider',
          bgcolor: 'background.paper',
          flexShrink: 0,
        }}
      >
        <Tabs value={kind} onChange={(_event, chosen: MediumKind) => setKind(chosen)} aria-label={text.title}>
          {kinds.map(({ kind: name, icon }) => (
            <Tab
              key={name}
              value={name}
              icon={icon}
              iconPosition="start"
              id={`media-tab-${name}`}
              aria-controls={`media-${name}`}
              label={text.tabs[name]}
              sx={{ minHeight: 48 }}
            />
          ))}
        </Tabs>
        {searched !== null && (
          <TextField
            type="search"
            autoFocus
            label={text.search}
            value={searched}
            onChange={(event) => setSearched(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setSearched(null);
            }}
            sx={{ ml: 'auto', my: 1, width: 240 }}
          />
        )}
      </Box>
      <TaskList tasks={tasks} />
      {!media && <LinearProgress aria-label={text.loading} />}
      <Box
        role="tabpanel"
        id={`media-${kind}`}
        aria-labelledby={`media-tab-${kind}`}
        sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}
      >
        {media && shown.length === 0 ? (
          <Typography color="textSecondary" align="center" sx={{ m: 'auto', p: 4, maxWidth: 480 }}>
            {ofKind.length === 0 ? text.none[kind] : text.nothingFound}
          </Typography>
        ) : (
          <MediaTable
            key={kind}
            label={text.tabs[kind]}
            media={shown}
            selected={selected}
            onSelect={setSelected}
            onOpen={() => setHasProperties(true)}
          />
        )}
        {hasProperties && <MediumProperties medium={medium} />}
      </Box>
      <FileChooser
        isOpen={asked === 'add'}
        title={text.addTitle[kind]}
        extensions={extensions}
        onClose={close}
        onChoose={(path) => {
          close();
          void attempt(() => client.call('medium.add', { path })).then(refresh);
        }}
      />
      {asked === 'create' && kind !== 'cdrom' && (
        <CreateDialog
          kind={kind}
          proposal={freeName(machineFolder, kind === 'disk' ? 'NewDisk' : 'NewFloppy', isKnown)}
          onClose={close}
          onBegun={follow}
        />
      )}
      {(asked === 'copy' || asked === 'move') && medium && (
        <CopyOrMoveDialog
          verb={asked}
          medium={medium}
          proposal={asked === 'copy' ? copyName(medium.path, isKnown) : medium.path}
          onClose={close}
          onBegun={follow}
        />
      )}
      {asked === 'remove' && medium && <RemoveDialog medium={medium} onClose={close} onDone={refresh} />}
      {asked === 'release' && medium && <ReleaseDialog medium={medium} onClose={close} onDone={refresh} />}
    </Pane>
  );
}

interface ActionContext {
  kind: MediumKind;
  medium: MediumSummary | null;
  cleared: MediumSummary[];
  text: ReturnType<typeof useText>['panes']['media'];
  ask(asked: Asked): void;
  clear(): Promise<boolean>;
}

/** The verbs, each with the reason why it cannot be done now. */
function actionsFor({ kind, medium, cleared, text, ask, clear }: ActionContext): (PaneAction | null)[] {
  const users = medium?.usedBy.map(({ name }) => name).join(', ') ?? '';
  const ofOne = medium ? undefined : text.noneChosen;
  const ofReadable = ofOne ?? (medium?.problem === '' ? undefined : medium?.problem);
  return [
    { title: text.add, icon: <AddIcon />, keys: ['Ctrl+Shift+A'], run: () => ask('add') },
    {
      title: text.create,
      icon: <CreateNewFolderIcon />,
      refusal: kind === 'cdrom' ? text.noDiscMaking : undefined,
      run: () => ask('create'),
    },
    {
      title: text.copy,
      icon: <ContentCopyIcon />,
      keys: ['Ctrl+Shift+C'],
      refusal: ofReadable,
      run: () => ask('copy'),
    },
    {
      title: text.move,
      icon: <DriveFileMoveIcon />,
      keys: ['Ctrl+Shift+M'],
      refusal: ofReadable,
      run: () => ask('move'),
    },
    {
      title: text.remove,
      icon: <DeleteIcon />,
      keys: ['Ctrl+Shift+R'],
      refusal: ofOne ?? (users === '' ? undefined : text.inUse(users)),
      run: () => ask('remove'),
    },
    {
      title: text.release,
      icon: <EjectIcon />,
      keys: ['Ctrl+Shift+L'],
      refusal: ofOne ?? (users === '' ? text.notInUse : undefined),
      run: () => ask('release'),
    },
    {
      title: text.clear,
      icon: <CleaningServicesIcon />,
      refusal: cleared.length === 0 ? text.nothingToClear : undefined,
      run: () => void clear(),
    },
    null,
  ];
}
