// Whether forms show everything or only what most people need; remembered by this browser.
import { useState } from 'react';

const KEY = 'ospite.expert';

export function useDepth(): [isExpert: boolean, setIsExpert: (isExpert: boolean) => void] {
  const [isExpert, setIsExpert] = useState(() => localStorage.getItem(KEY) === 'yes');
  return [
    isExpert,
    (wanted) => {
      localStorage.setItem(KEY, wanted ? 'yes' : 'no');
      setIsExpert(wanted);
    },
  ];
}
