using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The words of an enum as files write them. They are the names that its JSON has, so that there is one list of them.</summary>
internal static class Words<T> where T : struct, Enum
{
    private static readonly ImmutableArray<(string Word, T Value)> Table =
        [.. Enum.GetValues<T>()
            .Select(v => (typeof(T).GetField(v.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name, v))];

    public static ChoiceDomain Domain { get; } = new([.. Table.Select(t => t.Word)]);

    public static T Parse(string word) => Table.First(t => t.Word == word).Value;

    public static string Of(T value) => Table.First(t => t.Value.Equals(value)).Word;
}
