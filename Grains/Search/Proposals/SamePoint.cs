using System.Diagnostics.CodeAnalysis;

namespace Grains.Search.Proposals;

/// <summary>Two points are the same where their coordinates are.</summary>
internal sealed class SamePoint : IEqualityComparer<SearchPoint>
{
    public static readonly SamePoint Comparer = new();

    public bool Equals(SearchPoint? x, SearchPoint? y) => x!.Unit.AsSpan().SequenceEqual(y!.Unit.AsSpan());

    public int GetHashCode([DisallowNull] SearchPoint obj)
    {
        var hash = new HashCode();
        foreach (double? coordinate in obj.Unit) hash.Add(coordinate);
        return hash.ToHashCode();
    }
}
