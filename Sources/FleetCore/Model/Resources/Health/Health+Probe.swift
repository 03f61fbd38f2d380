extension Health {
  /// One process for the throttling bits and one for the bootloader's time stamp, both only where there is something to
  /// ask. rpi-eeprom-update(1) is not asked: run by root it tidies the boot partition, and a probe only reads.
  ///
  /// The paths of the bootloader are unverified on hardware; they stand here alone. A Pi 5's releases lie in a
  /// directory of their own, told from a Pi 4's by its chip's number.
  package static let probe = ProbeFragment(
    #"""
    probe_health() {
      health_sensor=/sys/class/thermal/thermal_zone0/temp
      health_built=/sys/firmware/devicetree/base/chosen/bootloader/build-timestamp
      health_releases=/lib/firmware/raspberrypi/bootloader
      slurp "$health_sensor" 2>/dev/null && emit temperature "$slurped"
      if [ -e /dev/vcio ] && command -v vcgencmd > /dev/null; then
        emit throttled "$(vcgencmd get_throttled 2>/dev/null < /dev/null)"
      fi
      [ -r "$health_built" ] || return 0
      emit bootloader "$(od -An -v -t x1 -N 4 -- "$health_built")"
      health_chip=2711
      slurp /sys/firmware/devicetree/base/model 2>/dev/null
      case $slurped in *' Pi 5'* | *' Pi 500'* | *' Module 5'*) health_chip=2712 ;; esac
      health_offered=
      for health_release in "$health_releases-$health_chip"/default/pieeprom-*.bin; do
        [ ! -e "$health_release" ] || health_offered=${health_release##*/}
      done
      emit offered "$health_offered"
    }
    """#
  )
}
