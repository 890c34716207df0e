using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Sessiond.Spec;

/// <summary>An immutable map from text, in the order of the file, that equals another one with equal entries.</summary>
/// <remarks>See <see cref="ValueList{T}"/> for why. Keys are compared ordinally.</remarks>
public sealed class ValueDictionary<T> : IReadOnlyDictionary<string, T>, IEquatable<ValueDictionary<T>>
{
    private readonly OrderedDictionary<string, T> _entries;

    /// <summary>A dictionary without entries.</summary>
    public ValueDictionary() => _entries = [];

    /// <summary>A dictionary of these entries.</summary>
    /// <exception cref="ArgumentException">A key comes twice.</exception>
    public ValueDictionary(IEnumerable<KeyValuePair<string, T>> entries) => _entries = new(entries, StringComparer.Ordinal);

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<T> Values => _entries.Values;

    /// <inheritdoc/>
    public T this[string key] => _entries[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Equal when the entries are, in whatever order.</summary>
    public bool Equals(ValueDictionary<T>? other) =>
        other is not null && Count == other.Count
        && _entries.All(entry => other.TryGetValue(entry.Key, out T? value) && EqualityComparer<T>.Default.Equals(entry.Value, value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueDictionary<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Aggregate(0, (hash, entry) => hash ^ HashCode.Combine(entry.Key, entry.Value));

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", Keys)}}}";
}
