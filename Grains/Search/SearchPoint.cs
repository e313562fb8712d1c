using System.Collections.Immutable;
using Grains.Interfaces.Model;

namespace Grains.Search;

/// <summary>A point of a space, as settings and as coordinates.</summary>
/// <param name="Settings">The values of the parameters that act in the point.</param>
/// <param name="Unit">The coordinates in the unit cube in the order of the space's dimensions; null where a dimension does not act.</param>
public sealed record SearchPoint(ImmutableSortedDictionary<string, SettingValue> Settings, ImmutableArray<double?> Unit);
