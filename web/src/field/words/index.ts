// The words of the app in the reader's language: `t().today.title`.

import { dictionary } from '../../i18n/language.svelte';
import { en } from './en';
import { nl } from './nl';

export const t = dictionary({ en, nl });
