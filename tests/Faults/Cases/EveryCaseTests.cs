using System.Reflection;
using System.Text.RegularExpressions;

namespace Tests.Faults.Cases;

/// <summary>A case that is put beside the others must not be forgotten: it is a test's, or this fails.</summary>
public sealed partial class EveryCaseTests
{
    [Fact]
    public void EveryFolderOfTheSharedCasesHasATestThatNamesIt()
    {
        Assert.SkipUnless(Directory.Exists(SharedCases.Folder), $"The shared cases are not at {SharedCases.Folder}.");
        var named = typeof(EveryCaseTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).SelectMany(Numbers).ToHashSet();
        string[] forgotten = [.. Directory.GetDirectories(SharedCases.Folder).Select(f => Path.GetFileName(f)!)
            .Where(f => NumberOfFolder().Match(f) is { Success: true } number && !named.Contains(number.Value))
            .Order(StringComparer.Ordinal)];
        Assert.True(forgotten.Length == 0,
            $"No test is called CaseNN… after, or has the trait `case` of: {string.Join(", ", forgotten)}.");
    }

    /// <summary>The numbers that a test's name and its traits say.</summary>
    private static IEnumerable<string> Numbers(MethodInfo method)
    {
        if (method.GetCustomAttribute<FactAttribute>() is null) return [];
        var traits = method.GetCustomAttributes<TraitAttribute>()
            .Where(t => t.Name.Equals("case", StringComparison.OrdinalIgnoreCase)).Select(t => t.Value);
        return NumberOfTest().Match(method.Name) is { Success: true } name ? traits.Append(name.Groups[1].Value) : traits;
    }

    [GeneratedRegex("^[0-9]{2}(?=-)")]
    private static partial Regex NumberOfFolder();

    [GeneratedRegex("^Case([0-9]{2})")]
    private static partial Regex NumberOfTest();
}
