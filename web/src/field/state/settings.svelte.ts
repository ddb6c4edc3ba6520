// What the shopper has set on this phone: language, appearance, discreet screen. Kept in localStorage, since it is wanted
// before the database is open; nothing of the work is in it.

import { current, languages, setLanguage, type Language } from '../../i18n/language.svelte';

export type Theme = 'system' | 'light' | 'dark';

const NAMES = {
  language: 'plainclothes.language',
  theme: 'plainclothes.theme',
  discreet: 'plainclothes.discreet',
  install_hint: 'plainclothes.install-hint',
  protect_hint: 'plainclothes.protect-hint',
};

class Settings {
  theme = $state<Theme>('system');
  /** The form looks like a note-taking app. */
  discreet = $state(false);
  /** The hint to install was waved away. */
  install_hint_seen = $state(false);
  /** That the space is not protected was read. */
  protect_hint_seen = $state(false);

  /** Reads what was set and puts it into force; call once, before anything is shown. */
  begin(): void {
    const language = localStorage.getItem(NAMES.language);
    setLanguage(languages.find((one) => one === language) ?? current.language);
    const theme = localStorage.getItem(NAMES.theme);
    this.setTheme(theme === 'light' || theme === 'dark' ? theme : 'system');
    this.discreet = localStorage.getItem(NAMES.discreet) === 'yes';
    this.install_hint_seen = localStorage.getItem(NAMES.install_hint) === 'seen';
    this.protect_hint_seen = localStorage.getItem(NAMES.protect_hint) === 'seen';
  }

  setLanguage(language: Language): void {
    localStorage.setItem(NAMES.language, language);
    setLanguage(language);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (theme === 'system') {
      localStorage.removeItem(NAMES.theme);
      delete document.documentElement.dataset['theme'];
    } else {
      localStorage.setItem(NAMES.theme, theme);
      document.documentElement.dataset['theme'] = theme;
    }
  }

  setDiscreet(discreet: boolean): void {
    this.discreet = discreet;
    localStorage.setItem(NAMES.discreet, discreet ? 'yes' : 'no');
  }

  hideInstallHint(): void {
    this.install_hint_seen = true;
    localStorage.setItem(NAMES.install_hint, 'seen');
  }

  hideProtectHint(): void {
    this.protect_hint_seen = true;
    localStorage.setItem(NAMES.protect_hint, 'seen');
  }
}

export const settings = new Settings();
