// Constants of the virtio transport and the split virtqueue. [VIRTIO-1.2 §2, §4.1, §6]

export const VIRTIO_VENDOR_ID = 0x1af4;
/** Transitional PCI device ids are not derived from the virtio device id. [VIRTIO-1.2 §4.1.2.1] */
export const TRANSITIONAL_DEVICE_IDS: { readonly [virtioDeviceId: number]: number } = {
  1: 0x1000,
  2: 0x1001,
  3: 0x1003,
  4: 0x1005,
  5: 0x1002,
  8: 0x1004,
  9: 0x1009,
};

export const STATUS_ACKNOWLEDGE = 1;
export const STATUS_DRIVER = 2;
export const STATUS_DRIVER_OK = 4;
export const STATUS_FEATURES_OK = 8;
export const STATUS_DEVICE_NEEDS_RESET = 64;
export const STATUS_FAILED = 128;

export const VIRTIO_F_NOTIFY_ON_EMPTY = 24n;
export const VIRTIO_F_ANY_LAYOUT = 27n;
export const VIRTIO_F_RING_INDIRECT_DESC = 28n;
export const VIRTIO_F_RING_EVENT_IDX = 29n;
export const VIRTIO_F_VERSION_1 = 32n;

export const VIRTQ_DESC_F_NEXT = 1;
export const VIRTQ_DESC_F_WRITE = 2;
export const VIRTQ_DESC_F_INDIRECT = 4;
export const VIRTQ_AVAIL_F_NO_INTERRUPT = 1;

export const VIRTIO_MSI_NO_VECTOR = 0xffff;
export const ISR_QUEUE = 1;
export const ISR_CONFIG = 2;

export const PCI_CAP_ID_VNDR = 9;
export const VIRTIO_PCI_CAP_COMMON_CFG = 1;
export const VIRTIO_PCI_CAP_NOTIFY_CFG = 2;
export const VIRTIO_PCI_CAP_ISR_CFG = 3;
export const VIRTIO_PCI_CAP_DEVICE_CFG = 4;
export const VIRTIO_PCI_CAP_PCI_CFG = 5;

/** Offsets in the common configuration structure. [VIRTIO-1.2 §4.1.4.3] */
export const COMMON = {
  device_feature_select: 0x00,
  device_feature: 0x04,
  driver_feature_select: 0x08,
  driver_feature: 0x0c,
  config_msix_vector: 0x10,
  num_queues: 0x12,
  device_status: 0x14,
  config_generation: 0x15,
  queue_select: 0x16,
  queue_size: 0x18,
  queue_msix_vector: 0x1a,
  queue_enable: 0x1c,
  queue_notify_off: 0x1e,
  queue_desc: 0x20,
  queue_driver: 0x28,
  queue_device: 0x30,
  length: 0x38,
} as const;

/** Offsets in the legacy I/O BAR; with MSI-X enabled two vector registers come before the device's own. [VIRTIO-1.2 §4.1.4.10] */
export const LEGACY = {
  device_features: 0x00,
  driver_features: 0x04,
  queue_address: 0x08,
  queue_size: 0x0c,
  queue_select: 0x0e,
  queue_notify: 0x10,
  device_status: 0x12,
  isr_status: 0x13,
  config_msix_vector: 0x14,
  queue_msix_vector: 0x16,
} as const;
export const legacyHeaderLength = 0x14;
export const legacyHeaderLengthMsix = 0x18;
