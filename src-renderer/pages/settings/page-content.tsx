// The fields of one page.
import type { ReactElement } from 'react';
import { ComingPage } from './coming-page.tsx';
import { DisplayPage } from './display-page.tsx';
import { GeneralPage } from './general-page.tsx';
import type { SettingsPage } from './pages.ts';
import { SerialPage } from './serial-page.tsx';
import { StoragePage } from './storage-page.tsx';
import { SystemPage } from './system-page.tsx';
import { UserInterfacePage } from './user-interface-page.tsx';

export function PageContent({ page, folder }: { page: SettingsPage; folder: string }): ReactElement {
  switch (page) {
    case 'general':
      return <GeneralPage />;
    case 'system':
      return <SystemPage />;
    case 'display':
      return <DisplayPage />;
    case 'storage':
      return <StoragePage folder={folder} />;
    case 'serial':
      return <SerialPage />;
    case 'userInterface':
      return <UserInterfacePage />;
    default:
      return <ComingPage page={page} />;
  }
}
