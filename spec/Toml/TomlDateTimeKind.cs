namespace Sessiond.Spec.Toml;

/// <summary>The four shapes of TOML's date and time values.</summary>
internal enum TomlDateTimeKind
{
    OffsetDateTime,
    LocalDateTime,
    LocalDate,
    LocalTime,
}
