using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>A session as it was read, and its table for the positions of later errors.</summary>
internal sealed record SessionDraft(SessionSpec Spec, TomlTable Table);
