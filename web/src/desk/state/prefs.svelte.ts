// What a reader chose for themselves on this device: language and appearance. Kept in localStorage, told to nobody.
import { current, pickLanguage, setLanguage, type Language } from '../../i18n/language.svelte';

const keys = { language: 'plainclothes.language', theme: 'plainclothes.theme' };

// Storage can be forbidden (private windows, policies); a preference is not worth an error.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds until the page is closed.
  }
}

class Prefs {
  /** True while the page is dark, by choice or because the device is. */
  dark = $state(false);

  /** To be called once, before anything is drawn. */
  apply(): void {
    const language = read(keys.language);
    setLanguage(language ? pickLanguage([language]) : current.language);
    const theme = read(keys.theme);
    if (theme) document.documentElement.dataset['theme'] = theme;
    const device = matchMedia('(prefers-color-scheme: dark)');
    const look = () => {
      const chosen = document.documentElement.dataset['theme'];
      this.dark = chosen ? chosen === 'dark' : device.matches;
    };
    device.addEventListener('change', look);
    look();
  }

  speak(language: Language): void {
    setLanguage(language);
    keep(keys.language, language);
  }

  /** Takes an account's language without keeping it: a choice made on this device stays first. */
  suggest(locale: string): void {
    if (read(keys.language) === null) setLanguage(pickLanguage([locale]));
  }

  paint(theme: 'light' | 'dark'): void {
    document.documentElement.dataset['theme'] = theme;
    keep(keys.theme, theme);
    this.dark = theme === 'dark';
  }
}

export const prefs = new Prefs();
