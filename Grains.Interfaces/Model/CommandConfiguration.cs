using System.Collections.Immutable;

namespace Grains.Interfaces.Model;

/// <summary>What a program of the user's is started with, besides its files and its seed.</summary>
public sealed record CommandConfiguration : ProgramConfiguration
{
    /// <summary>The program and its arguments, with placeholders for parameters.</summary>
    public required ImmutableArray<string> Run { get; init; }

    /// <summary>The parameters by name.</summary>
    public required ImmutableSortedDictionary<string, SettingValue> Parameters { get; init; }

    /// <summary>The names of the metrics, in the order in which they are kept.</summary>
    public required ImmutableArray<string> Metrics { get; init; }

    public required bool Repeatable { get; init; }

    /// <summary>The program and its arguments, with the values of the parameters.</summary>
    public ImmutableArray<string> Arguments() => [.. Run.Select(a => Placeholders.Fill(a, p => Text(Parameters[p])))];

    private static string Text(SettingValue value) => value is NumberValue { Whole: { } whole } ? $"{whole}" : value.ToString();
}
