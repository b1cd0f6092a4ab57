abi <abi/4.0>,
include <tunables/global>

# the binary behind the launcher
profile "${executable}" "/opt/${sanitizedProductName}/maru-desktop" flags=(unconfined) {
  userns,

  include if exists <local/${executable}>
}
