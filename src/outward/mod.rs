//! Requests from here to addresses elsewhere: one connection for one request, whose address is looked at before it is made.
//!
//! Who may be asked is decided on the address that is connected to, never on a name that could mean another a moment later.
//! Redirects are answers like any other; time and the size of an answer are bounded. Not here: the objects, which have a
//! client of their own.

mod addresses;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use url::{Host, Url};

pub use addresses::is_public;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(15);
/// More of an answer is not read.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// Addresses of one name that are tried.
const TRIED_MAX: usize = 3;

/// Who may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The operator named the address.
    Anybody,
    /// Somebody else did: nothing of the network that this program stands in.
    PublicOnly,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// The beginning, if it is long.
    pub body: Bytes,
}

/// Why nothing came back. The text is for whoever named the address.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OutwardError {
    #[error("{0} is an address inside a private network")]
    Private(String),
    #[error("{0}")]
    Unreachable(String),
    #[error("no whole answer within {} seconds", WHOLE_TIMEOUT.as_secs())]
    Late,
}

/// Asks elsewhere. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outward {
    whom: Whom,
    tls: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Outward {
    /// Asks only `whom`.
    pub fn new(whom: Whom) -> Self {
        Self {
            whom,
            tls: Arc::default(),
        }
    }

    /// Posts a body and reads the answer, whatever its status.
    ///
    /// # Errors
    /// When there is no answer, or nobody there may be asked.
    pub async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, OutwardError> {
        tokio::time::timeout(WHOLE_TIMEOUT, self.ask(url, headers, body))
            .await
            .unwrap_or(Err(OutwardError::Late))
    }

    async fn ask(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, OutwardError> {
        let host = url.host().ok_or_else(|| unreachable("it names no host"))?;
        let port = url.port_or_known_default().unwrap_or(80);
        let stream = self.connect(&host, port).await?;
        let request = request(url, headers, body)?;
        if url.scheme() != "https" {
            return exchange(stream, request).await;
        }
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(unreachable)?,
            Host::Ipv4(ip) => ServerName::from(IpAddr::V4(ip)),
            Host::Ipv6(ip) => ServerName::from(IpAddr::V6(ip)),
        };
        let connector = TlsConnector::from(self.tls()?);
        let stream = connector.connect(name, stream).await.map_err(unreachable)?;
        exchange(stream, request).await
    }

    /// Resolves once, and connects to nothing but what was looked at.
    async fn connect(&self, host: &Host<&str>, port: u16) -> Result<TcpStream, OutwardError> {
        let resolved: Vec<SocketAddr> = match host {
            Host::Ipv4(ip) => vec![(*ip, port).into()],
            Host::Ipv6(ip) => vec![(*ip, port).into()],
            Host::Domain(name) => tokio::net::lookup_host((*name, port))
                .await
                .map_err(|error| unreachable(format_args!("{name} cannot be resolved: {error}")))?
                .collect(),
        };
        let allowed = resolved
            .iter()
            .filter(|address| self.whom == Whom::Anybody || is_public(address.ip()));
        let mut why = None;
        for address in allowed.take(TRIED_MAX) {
            match tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => why = Some(format!("{host} does not take a connection: {error}")),
                Err(_) => why = Some(format!("{host} does not take a connection in time")),
            }
        }
        Err(match why {
            Some(why) => unreachable(why),
            None if resolved.is_empty() => unreachable(format_args!("{host} has no address")),
            None => OutwardError::Private(host.to_string()),
        })
    }

    /// The system's certificates, read when they are first wanted.
    fn tls(&self) -> Result<Arc<ClientConfig>, OutwardError> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unreachable)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }
}

fn request(
    url: &Url,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Request<Full<Bytes>>, OutwardError> {
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url[url::Position::BeforePath..url::Position::AfterQuery]
        .parse()
        .map_err(unreachable)?;
    *request.headers_mut() = headers;
    let host = HeaderValue::from_str(host).map_err(unreachable)?;
    request.headers_mut().insert(header::HOST, host);
    Ok(request)
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, OutwardError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let asked = async {
        let mut response = sender.send_request(request).await.map_err(unreachable)?;
        let mut body = BytesMut::new();
        while let Some(frame) = response.body_mut().frame().await {
            let Ok(data) = frame.map_err(unreachable)?.into_data() else {
                continue;
            };
            let room = ANSWER_BYTES_MAX - body.len();
            body.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() >= room {
                break;
            }
        }
        Ok(Answer {
            status: response.status().as_u16(),
            body: body.freeze(),
        })
    };
    tokio::pin!(asked);
    // The connection is driven here and ends with this request, also when nobody waits for it any more.
    tokio::select! {
        answer = &mut asked => answer,
        ended = connection => match ended {
            Ok(()) => asked.await,
            Err(error) => Err(unreachable(error)),
        },
    }
}

fn unreachable(why: impl std::fmt::Display) -> OutwardError {
    OutwardError::Unreachable(why.to_string())
}
