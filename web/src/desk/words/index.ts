// The desk's dictionaries, each a function to be read in a template or a `$derived`: `words().title` follows the language.
// Typed, so that a missing translation does not compile.
export { adminWords } from './admin';
export { bundleWords } from './bundles';
export { campaignWords } from './campaigns';
export { checklistWords } from './checklists';
export { photoWords } from './photos';
export { quarantineWords } from './quarantine';
export { rankingWords } from './ranking';
export { reviewWords } from './review';
export { shellWords } from './shell';
export { systemWords } from './system';
export { whatIfWords } from './whatif';
