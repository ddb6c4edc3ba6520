// Start of the phone's app: what was set on this phone, then its data, then the first screen.

import './app.css';
import App from './App.svelte';
import { mount } from 'svelte';
import { app } from './state/app.svelte';
import { install } from './state/install.svelte';
import { storage } from './state/storage.svelte';
import { settings } from './state/settings.svelte';

settings.begin();
mount(App, { target: document.getElementById('app')! });
void app.start();
void install.begin();
void storage.look();
