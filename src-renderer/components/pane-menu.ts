// The menu of the pane in front: the pane says what is in it, the manager's menu bar shows it.
import { useEffect } from 'react';
import { create } from 'zustand';
import type { MenuBarMenu } from './menu-bar.tsx';

export const usePaneMenuStore = create<{ menu: MenuBarMenu | null }>(() => ({ menu: null }));

/** Shows the menu in the menu bar while the component is there. Give it a new object only when something in it changed. */
export function usePaneMenu(menu: MenuBarMenu): void {
  useEffect(() => {
    usePaneMenuStore.setState({ menu });
    return () => usePaneMenuStore.setState((now) => (now.menu === menu ? { menu: null } : now));
  }, [menu]);
}
