using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Grains.Training;

namespace Tests.Architecture.Numerics;

/// <summary>
/// Holds each block's compiled code against the digest that stands beside its version. Nobody can then change the code of a block without
/// deciding whether its numbers may change too.
/// </summary>
public sealed class NumericBlocksTests
{
    private const string Renewal = "SWEEP_BLOCKS",
        Command = $"{Renewal}=renew dotnet run --project tests/Architecture -c Release -- -class {nameof(Tests)}.{nameof(Architecture)}." +
            $"{nameof(Numerics)}.{nameof(NumericBlocksTests)}";

    private static readonly string s_file = Path.Combine(Repository.Root, "Grains", "Training", "NumericBlocks.txt");

    [Fact]
    public void CompiledCodeOfEveryBlockIsWhatItsVersionStandsFor()
    {
        if (typeof(NumericBlocks).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
            Assert.Skip("The digests are those of the Release build.");
        string sdk = typeof(NumericBlocksTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "Sdk").Value!;
        if (Environment.GetEnvironmentVariable(Renewal) == "renew") Renew(sdk);

        string[] lines = File.ReadAllLines(s_file);
        var known = lines.Where(l => !l.StartsWith('#')).Select(l => l.Split(' ')).ToDictionary(l => l[0].Split(':')[0]);
        var wrong = new List<string>();
        foreach (var block in NumericBlocks.All)
        {
            if (!known.Remove(block.Name, out string[]? line)) wrong.Add($"Block {block} is new.");
            else if (line[0] != block.ToString()) wrong.Add($"Block {block} is {line[0]} in the file.");
            else if (line[1] != DigestOf(block)) wrong.Add($"The code of block {block} has changed, and its version has not.");
        }
        wrong.AddRange(known.Keys.Select(name => $"Block {name} is gone."));
        string compiler = lines.Contains(Sdk(sdk)) ? "" : $"\nThis build is by SDK {sdk}, and the file says: {lines[0]} " +
            "Where the sources are the same, only the compiler is another, and the digests alone are renewed.";
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n" +
            "If a block may give other numbers than before, raise its version in Grains/Training/NumericBlocks.cs: its recipes get new " +
            $"names.\nIf it cannot, leave the version. In both cases renew the digests and commit them:\n  {Command}{compiler}");
    }

    [Fact]
    public void EveryTypeThatMakesNumbersBelongsToOneBlock()
    {
        var owned = NumericBlocks.All.SelectMany(b => b.Types).Concat(NumericBlocks.Names).ToList();
        var numeric = new[] { typeof(NumericBlocks).Assembly, typeof(Grains.Interfaces.Model.Recipe).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => t.DeclaringType is null && Uses.IsOurs(t) && IsNumeric(t.Namespace!)).ToList();
        Assert.NotEmpty(numeric);
        string[] wrong =
        [
            .. numeric.Except(owned).Select(t => $"{t} belongs to no block of Grains/Training/NumericBlocks.cs."),
            .. owned.Except(numeric).Select(t => $"{t} is in a block, and in no folder of numeric code."),
            .. owned.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => $"{g.Key} belongs to two blocks."),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.All(NumericBlocks.All, b => Assert.Matches("^[a-z0-9]+$", b.Name));
    }

    [Fact]
    public void FormDoesNotDependOnWhatStandsAroundTheCode() =>
        Assert.Equal(CompiledForm.Of(typeof(Samples.One.Sample)), InOne(CompiledForm.Of(typeof(Samples.Two.Sample))));

    [Fact]
    public void FormTellsAConstantInAClosureApart() =>
        Assert.NotEqual(CompiledForm.Of(typeof(Samples.One.Sample)), InOne(CompiledForm.Of(typeof(Samples.Three.Sample))));

    private static string InOne(string form) => form.Replace("Samples.Two", "Samples.One", StringComparison.Ordinal)
        .Replace("Samples.Three", "Samples.One", StringComparison.Ordinal);

    private static bool IsNumeric(string space) =>
        (IsIn(space, "Grains.Training") && !IsIn(space, "Grains.Training.Data"))
        || IsIn(space, "Grains.Interfaces.Model.Metrics") || IsIn(space, "Grains.Interfaces.Model.Networks")
        || IsIn(space, "Grains.Interfaces.Model.Randomness");

    private static bool IsIn(string space, string folder) => space == folder || space.StartsWith($"{folder}.", StringComparison.Ordinal);

    private static string DigestOf(NumericBlock block)
    {
        string form = string.Concat(block.Types.OrderBy(t => t.FullName, StringComparer.Ordinal).Select(CompiledForm.Of));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form)))[..16];
    }

    private static string Sdk(string version) =>
        $"# Digests of the compiled code of each block, by SDK {version}. CONTRIBUTING says when they are renewed.";

    private static void Renew(string sdk) => File.WriteAllLines(s_file,
        [Sdk(sdk), .. NumericBlocks.All.Select(b => $"{b} {DigestOf(b)}").Order(StringComparer.Ordinal)]);
}
