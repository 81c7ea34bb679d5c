//! Ciphers and digests whose inputs are known.

use aes::cipher::{Block, BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

/// A cipher that gets its input piece by piece.
pub(super) struct Cipher {
    mode: Mode,
    key: Vec<u8>,
    iv: Vec<u8>,
    input: Vec<u8>,
    pub(super) decrypts: bool,
    pads: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Cbc,
    Ctr,
    Ecb,
    Gcm,
}

impl Cipher {
    /// `None` for a cipher that is not known or a key of the wrong length.
    pub(super) fn new(name: &str, key: &[u8], iv: &[u8], decrypts: bool) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let rest = name
            .strip_prefix("aes-")
            .or_else(|| name.strip_prefix("aes"))?;
        let (bits, mode) = match rest.split_once('-') {
            Some((bits, mode)) => (bits, mode),
            None => (rest, "cbc"),
        };
        let mode = match mode {
            "cbc" => Mode::Cbc,
            "ctr" => Mode::Ctr,
            "ecb" => Mode::Ecb,
            "gcm" => Mode::Gcm,
            _ => return None,
        };
        let len: usize = bits.parse().ok()?;
        let iv_fits = match mode {
            Mode::Ecb => true,
            Mode::Gcm => !iv.is_empty(),
            Mode::Cbc | Mode::Ctr => iv.len() == 16,
        };
        (matches!(len, 128 | 192 | 256) && key.len() * 8 == len && iv_fits).then(|| Self {
            mode,
            key: key.to_vec(),
            iv: iv.to_vec(),
            input: Vec::new(),
            decrypts,
            pads: true,
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    pub(super) fn pad(&mut self, pads: bool) {
        self.pads = pads;
    }

    pub(super) fn len(&self) -> usize {
        self.input.len()
    }

    /// Everything at once; `None` where Node would throw.
    pub(super) fn finish(&self) -> Option<Vec<u8>> {
        match self.mode {
            Mode::Ctr => {
                let start: [u8; 16] = self.iv.as_slice().try_into().ok()?;
                self.counted(start)
            }
            // The tag is not checked: what comes out matters, not whether it is authentic.
            Mode::Gcm => {
                let iv: [u8; 12] = self.iv.as_slice().try_into().ok()?;
                let mut start = [0; 16];
                start[..12].copy_from_slice(&iv);
                start[15] = 2;
                self.counted(start)
            }
            Mode::Cbc | Mode::Ecb => self.blocks(),
        }
    }

    fn counted(&self, start: [u8; 16]) -> Option<Vec<u8>> {
        let mut counter = u128::from_be_bytes(start);
        let mut out = Vec::with_capacity(self.input.len());
        for chunk in self.input.chunks(16) {
            let stream = one_block(&self.key, counter.to_be_bytes(), true)?;
            out.extend(chunk.iter().zip(stream).map(|(byte, key)| byte ^ key));
            counter = counter.wrapping_add(1);
        }
        Some(out)
    }

    fn blocks(&self) -> Option<Vec<u8>> {
        let mut input = self.input.clone();
        if !self.decrypts && self.pads {
            let padding = 16 - input.len() % 16;
            // At most 16.
            input.extend(std::iter::repeat_n(padding as u8, padding));
        }
        if !input.len().is_multiple_of(16) {
            return None;
        }
        let mut last: [u8; 16] = self.iv.as_slice().try_into().unwrap_or_default();
        let mut out = Vec::with_capacity(input.len());
        for chunk in input.chunks_exact(16) {
            let mut block: [u8; 16] = chunk.try_into().ok()?;
            if self.decrypts {
                let plain = one_block(&self.key, block, false)?;
                let xor = if self.mode == Mode::Cbc {
                    last
                } else {
                    [0; 16]
                };
                out.extend(plain.iter().zip(xor).map(|(a, b)| a ^ b));
                last = block;
            } else {
                if self.mode == Mode::Cbc {
                    for (byte, before) in block.iter_mut().zip(last) {
                        *byte ^= before;
                    }
                }
                last = one_block(&self.key, block, true)?;
                out.extend_from_slice(&last);
            }
        }
        if self.decrypts && self.pads {
            let padding = usize::from(*out.last()?);
            if padding == 0 || padding > 16 || padding > out.len() {
                return None;
            }
            out.truncate(out.len() - padding);
        }
        Some(out)
    }
}

fn one_block(key: &[u8], block: [u8; 16], encrypts: bool) -> Option<[u8; 16]> {
    macro_rules! with {
        ($cipher:ty) => {{
            let cipher = <$cipher>::new_from_slice(key).ok()?;
            let mut block = Block::<$cipher>::from(block);
            if encrypts {
                cipher.encrypt_block(&mut block);
            } else {
                cipher.decrypt_block(&mut block);
            }
            Some(block.into())
        }};
    }
    match key.len() {
        16 => with!(aes::Aes128),
        24 => with!(aes::Aes192),
        32 => with!(aes::Aes256),
        _ => None,
    }
}

/// A hash or HMAC that gets its input piece by piece.
pub(super) struct Digest {
    name: String,
    key: Option<Vec<u8>>,
    input: Vec<u8>,
}

impl Digest {
    pub(super) fn new(name: &str, key: Option<Vec<u8>>) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace('-', "");
        hash(&name, b"")?;
        Some(Self {
            name,
            key,
            input: Vec::new(),
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    pub(super) fn finish(&self) -> Option<Vec<u8>> {
        match &self.key {
            None => hash(&self.name, &self.input),
            Some(key) => keyed(&self.name, key, &self.input),
        }
    }
}

pub(super) fn hash(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "md5" => md5::Md5::digest(bytes).to_vec(),
        "sha1" => Sha1::digest(bytes).to_vec(),
        "sha224" => Sha224::digest(bytes).to_vec(),
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha384" => Sha384::digest(bytes).to_vec(),
        "sha512" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    })
}

macro_rules! by_hash {
    ($name:expr, $hash:ident => $with:expr) => {
        match $name {
            "md5" => {
                type $hash = md5::Md5;
                Some($with)
            }
            "sha1" => {
                type $hash = Sha1;
                Some($with)
            }
            "sha224" => {
                type $hash = Sha224;
                Some($with)
            }
            "sha256" => {
                type $hash = Sha256;
                Some($with)
            }
            "sha384" => {
                type $hash = Sha384;
                Some($with)
            }
            "sha512" => {
                type $hash = Sha512;
                Some($with)
            }
            _ => None,
        }
    };
}

fn keyed(name: &str, key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    by_hash!(name, Hash => {
        let mut mac = Hmac::<Hash>::new_from_slice(key).ok()?;
        mac.update(bytes);
        mac.finalize().into_bytes().to_vec()
    })
}

/// Also known as `pbkdf2Sync`.
pub(super) fn pbkdf2(
    name: &str,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Option<Vec<u8>> {
    let name = name.to_ascii_lowercase().replace('-', "");
    let mut out = vec![0; length];
    by_hash!(name.as_str(), Hash => {
        pbkdf2::pbkdf2_hmac::<Hash>(password, salt, rounds, &mut out);
        out
    })
}

/// `scryptSync` with Node's default cost, or a given one.
pub(super) fn scrypt(
    password: &[u8],
    salt: &[u8],
    log_n: u8,
    r: u32,
    p: u32,
    length: usize,
) -> Option<Vec<u8>> {
    let params = scrypt::Params::new(log_n, r, p).ok()?;
    let mut out = vec![0; length];
    scrypt::scrypt(password, salt, &params, &mut out).ok()?;
    Some(out)
}
