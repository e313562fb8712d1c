namespace Tests.Faults.Programs;

/// <summary>A `program` block with a mistake is refused with its place and the remedy, before a cluster is asked.</summary>
public sealed class MistakeTests
{
    [Theory]
    [InlineData("""  run: [sh, train.sh, "{rat}"]""", "sweep.yaml:4:", "rat", "rate")]
    [InlineData("""  run: sh train.sh""", "sweep.yaml:4:8", "is not a list")]
    [InlineData("""  rum: [sh, train.sh]""", "sweep.yaml:4:3", "rum", "run")]
    [InlineData("  run: [sh, train.sh]\n  files: [train.sh, nowhere.sh]", "program.files: nowhere.sh does not exist")]
    [InlineData("  run: [sh, train.sh]\n  files: [../outside.sh]", "program.files: ../outside.sh leads out of")]
    [InlineData("  run: [sh, train.sh]\n  timeout: soon", "sweep.yaml:5:12", "soon", "30m")]
    [InlineData("  run: [sh, train.sh]\n  epochs: 0", "sweep.yaml:5:11", "0", "100000")]
    [InlineData("  run: [sh, train.sh]\n  repeatable: perhaps", "sweep.yaml:5:15", "perhaps")]
    public async Task IsNamedWithItsPlaceAndRemedy(string lines, params string[] told)
    {
        await using var place = LocalCluster.Down();
        place.Write("outside.sh", "true");
        place.Write("mistake/train.sh", "true");
        string file = place.Write("mistake/sweep.yaml", $$$"""
            name: mistake
            parameters: {rate: {values: [1, 2]}}
            program:
            {{{lines}}}
              metrics: {loss: minimize}
            """);
        foreach (string verb in (string[])["validate", "submit"])
        {
            var outcome = (await place.Run(verb, file)).Exits(2);
            Assert.All(told, part => Assert.Contains(part, outcome.Output + outcome.Errors, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AProgramAndTheBuiltInNetworksExcludeEachOther()
    {
        await using var place = LocalCluster.Down();
        string file = place.Write("both/sweep.yaml", """
            name: both
            program: {run: [sh, -c, "true"], metrics: {loss: minimize}}
            data: {source: xray-phantom}
            """);
        var outcome = (await place.Run("validate", file)).Exits(2);
        Assert.Contains("sweep.yaml:3:1", outcome.Output + outcome.Errors, StringComparison.Ordinal);
    }
}
