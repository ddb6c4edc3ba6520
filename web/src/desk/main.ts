// Start of the desk: styles, the reader's preferences, then the first component.
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { keepScroll } from './state/scroll';
import { prefs } from './state/prefs.svelte';

// Before anything is drawn, so that a dark page does not begin with a white flash.
prefs.apply();
keepScroll();

const target = document.getElementById('app');
if (target) mount(App, { target });
