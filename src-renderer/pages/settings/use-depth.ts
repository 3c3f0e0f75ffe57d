// Whether forms show everything or only what most people need.
import { useRemembered } from '../../components/remembered.ts';

export function useDepth(): [isExpert: boolean, setIsExpert: (isExpert: boolean) => void] {
  return useRemembered('expertForms', false, (stored) => typeof stored === 'boolean');
}
