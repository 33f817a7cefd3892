;; Two systems of rings, one red and one green, as rows of RGBA from address 0 on.
;; rings.js has the bytes of this module; tests/build/example-wasm.test.ts compares them.
(module
  (memory (export "memory") 4)
  (func (export "draw") (param $width i32) (param $height i32) (param $ms i32)
    (local $x i32) (local $y i32) (local $at i32) (local $left i32) (local $up i32)
    (loop $rows
      (local.set $x (i32.const 0))
      (local.set $up (i32.sub (local.get $y) (i32.shr_u (local.get $height) (i32.const 1))))
      (loop $columns
        (local.set $left (i32.sub (local.get $x) (i32.shr_u (local.get $width) (i32.const 2))))
        ;; The four bytes of a pixel are those of one number, lowest first: A and B are constant, then G and R.
        (i32.store
          (local.get $at)
          (i32.or
            (i32.const 0xff800000)
            (i32.or
              (call $ring (local.get $left) (local.get $up) (local.get $ms))
              (i32.shl
                (call $ring
                  (i32.sub (local.get $left) (i32.shr_u (local.get $width) (i32.const 1)))
                  (local.get $up)
                  (local.get $ms))
                (i32.const 8)))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br_if $columns (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $width))))
      (br_if $rows (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 1))) (local.get $height)))))
  ;; Brightness at a place beside the middle of the rings: the squared distance less the time, folded into 0 to 255, up and down.
  (func $ring (param $x i32) (param $y i32) (param $ms i32) (result i32)
    (local $phase i32)
    (local.set $phase
      (i32.shr_s
        (i32.sub
          (i32.add (i32.mul (local.get $x) (local.get $x)) (i32.mul (local.get $y) (local.get $y)))
          (i32.shl (local.get $ms) (i32.const 2)))
        (i32.const 3)))
    (i32.and
      (i32.xor
        (local.get $phase)
        (i32.sub (i32.const 0) (i32.and (i32.shr_u (local.get $phase) (i32.const 8)) (i32.const 1))))
      (i32.const 255))))
