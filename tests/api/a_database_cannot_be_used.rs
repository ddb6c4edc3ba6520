//! Whoever starts the program with a wrong address of a database is told which setting it is, and what is wrong with it.

use plainclothes::db::{Address, Db};

use crate::harness::database;

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn a_wrong_database_or_role_is_told_with_its_setting() {
    let server = database::server().expect("PLAINCLOTHES_TEST_DATABASE names a server");
    let (_, host) = server.rsplit_once('@').unwrap();
    let (host, _) = host.rsplit_once('/').unwrap();
    let told = async |address: &Address| Db::open(address).await.unwrap_err().to_string();

    let no_database = Address::of(&format!("postgres://postgres:secret@{host}/nowhere"), 4);
    assert_eq!(
        told(&no_database).await,
        format!(
            "PostgreSQL cannot be used at postgres://postgres@{host}/nowhere (database_url): \
             database \"nowhere\" does not exist"
        )
    );
    let no_owner = Address {
        owner_url: Some(format!("postgres://nobody@{host}/postgres")),
        ..Address::of(&server, 4)
    };
    assert_eq!(
        told(&no_owner).await,
        format!(
            "PostgreSQL cannot be used at postgres://nobody@{host}/postgres (database_owner_url): \
             role \"nobody\" does not exist"
        )
    );
}
