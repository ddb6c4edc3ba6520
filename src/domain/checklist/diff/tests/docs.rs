//! What `docs/checklists.md` shows is what the program says.

use super::checklist;
use crate::domain::checklist::diff::Difference;
use crate::domain::checklist::reweighting::Reweighting;

const PAGE: &str = include_str!("../../../../../docs/checklists.md");
const V1: &str = include_str!("../../../../../docs/examples/checklists/coffee-v1.yaml");
const V2: &str = include_str!("../../../../../docs/examples/checklists/coffee-v2.yaml");
const WHAT_IF: &str = include_str!("../../../../../docs/examples/checklists/what-if.yaml");

#[test]
fn the_difference_is_as_the_page_shows_it() {
    let difference = Difference::between(&checklist(V1), &checklist(V2));
    let block = format!(
        "```console\n$ plainclothes checklist diff coffee-v1.yaml coffee-v2.yaml\n{difference}```\n"
    );
    assert!(PAGE.contains(&block), "{block}");
}

#[test]
fn the_reweighting_is_as_the_page_shows_it() {
    assert!(PAGE.contains(&format!("```yaml\n{WHAT_IF}```\n")));
    let reweighting = Reweighting::parse_yaml(WHAT_IF, &checklist(V1)).unwrap();
    let after = reweighting.apply(&checklist(V1)).unwrap();
    let difference = Difference::between(&checklist(V1), &after);
    let told = super::lines(&difference.changes);
    let wait = "score question wait: bands: up to 2m: 6, up to 5m: 3, above: 0 → up to 2m: 3, up to 5m: 1.5, above: 0";
    assert!(told.contains(&wait.to_owned()), "{told:#?}");
}
