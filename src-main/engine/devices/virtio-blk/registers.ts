// Block device features, configuration layout and requests. [VIRTIO-1.2 §5.2]
//
// request:  readable: type u32 | reserved u32 | sector u64 | data out…     writable: data in… | status u8

export const VIRTIO_ID_BLOCK = 2;

export const VIRTIO_BLK_F_SEG_MAX = 2n;
export const VIRTIO_BLK_F_RO = 5n;
export const VIRTIO_BLK_F_BLK_SIZE = 6n;
export const VIRTIO_BLK_F_FLUSH = 9n;
export const VIRTIO_BLK_F_CONFIG_WCE = 11n;
export const VIRTIO_BLK_F_DISCARD = 13n;
export const VIRTIO_BLK_F_WRITE_ZEROES = 14n;

export const VIRTIO_BLK_T_IN = 0;
export const VIRTIO_BLK_T_OUT = 1;
export const VIRTIO_BLK_T_FLUSH = 4;
export const VIRTIO_BLK_T_GET_ID = 8;
export const VIRTIO_BLK_T_DISCARD = 11;
export const VIRTIO_BLK_T_WRITE_ZEROES = 13;

export const VIRTIO_BLK_S_OK = 0;
export const VIRTIO_BLK_S_IOERR = 1;
export const VIRTIO_BLK_S_UNSUPP = 2;

export const VIRTIO_BLK_ID_BYTES = 20;
export const requestHeaderLength = 16;
/** DISCARD and WRITE_ZEROES ranges: sector u64 | num_sectors u32 | flags u32 (bit 0: unmap). */
export const rangeLength = 16;
export const rangeFlagUnmap = 1;

/** Offsets in the configuration structure. [VIRTIO-1.2 §5.2.4] */
export const CONFIG = {
  capacity: 0,
  seg_max: 12,
  blk_size: 20,
  writeback: 32,
  max_discard_sectors: 36,
  max_discard_seg: 40,
  discard_sector_alignment: 44,
  max_write_zeroes_sectors: 48,
  max_write_zeroes_seg: 52,
  write_zeroes_may_unmap: 56,
  length: 60,
} as const;
