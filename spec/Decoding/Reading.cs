using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>One pass over a spec: collects what is wrong and knows which key is being read.</summary>
internal sealed class Reading
{
    private readonly List<SpecError> _errors = [];
    private readonly List<SpecError> _warnings = [];
    private string _path = "";

    public IReadOnlyList<SpecError> Errors => _errors;

    public IReadOnlyList<SpecError> Warnings => _warnings;

    /// <summary>Sessions that are left out, with the first reason.</summary>
    public Dictionary<string, string> BrokenSessions { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of hooks that are left out.</summary>
    public HashSet<string> BrokenHooks { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads something that belongs to a key; messages inside name the key with its path.</summary>
    public T Within<T>(string key, Func<T> read)
    {
        string outer = _path;
        _path = outer.Length == 0 ? key : $"{outer}.{key}";
        T result = read();
        _path = outer;
        return result;
    }

    /// <summary>Reports an error of the key that is being read.</summary>
    public Refused Fail(SourcePosition position, string message) =>
        FailPlain(position, _path.Length == 0 ? message : $"{_path}: {message}");

    /// <summary>Reports what is odd but may be meant.</summary>
    public void Warn(SourcePosition position, string message) => _warnings.Add(new SpecError(position, message));

    /// <summary>Reports a value of another type than the key has.</summary>
    public Refused FailType(TomlValue value, string expected) => Fail(value.Position, $"expected {expected}, found {value.Description}");

    /// <summary>Reports a key that does not exist, with the one that was probably meant.</summary>
    public Refused FailUnknown(TomlEntry entry, IEnumerable<string> legal)
    {
        string place = _path.Length == 0 ? "" : $" in {_path}";
        string? nearest = NearestWord.Find(entry.Key, legal);
        string hint = nearest is null ? "" : $"; did you mean \"{nearest}\"?";
        return FailPlain(entry.KeyPosition, $"unknown key \"{SpecText.Printable(entry.Key)}\"{place}{hint}");
    }

    /// <summary>Takes over errors that were found elsewhere.</summary>
    public void Add(IEnumerable<SpecError> errors) => _errors.AddRange(errors);

    private Refused FailPlain(SourcePosition position, string message)
    {
        _errors.Add(new SpecError(position, message));
        return default;
    }
}
