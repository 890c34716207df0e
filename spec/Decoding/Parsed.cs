using System.Diagnostics.CodeAnalysis;

namespace Sessiond.Spec.Decoding;

/// <summary>What a value says, or nothing when it was refused.</summary>
internal readonly struct Parsed<T>
{
    private readonly bool _accepted;
    private readonly T? _value;

    private Parsed(T value)
    {
        _accepted = true;
        _value = value;
    }

    public static implicit operator Parsed<T>(T value) => new(value);

    public static implicit operator Parsed<T>(Refused refused) => default;

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return _accepted;
    }

    public Parsed<TOther> Then<TOther>(Func<T, Parsed<TOther>> next) => _accepted ? next(_value!) : default;
}
