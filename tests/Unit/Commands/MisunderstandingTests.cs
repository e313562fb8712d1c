using Client.Commands;

namespace Tests.Unit.Commands;

/// <summary>A line that is not understood is answered with what was probably meant.</summary>
public sealed class MisunderstandingTests
{
    [Theory]
    [InlineData("sumbit rates.yaml", "Did you mean `sweep submit`?")]
    [InlineData("stauts last", "Did you mean `sweep status`?")]
    [InlineData("Results last", "Did you mean `sweep results`?")]
    [InlineData("trial last", "Did you mean `sweep trials`?")]
    [InlineData("cluster stat", "Did you mean `sweep cluster status`?")]
    [InlineData("cluster dwon", "Did you mean `sweep cluster down`?")]
    [InlineData("cache verfy", "Did you mean `sweep cache verify`?")]
    [InlineData("up --silos 3", "Did you mean `sweep cluster up`?")]
    [InlineData("export last", "Did you mean `sweep checkpoint export`?")]
    [InlineData("zzz", "There are: ")]
    [InlineData("sumbit --help", "Did you mean `sweep submit`?")]
    public void AMistypedVerbGetsASuggestion(string line, string expected) => Says(line, expected);

    [Theory]
    [InlineData("extend last --epoch 40", "Did you mean `--epochs`?")]
    [InlineData("extend last --epoch=40", "Did you mean `--epochs`?")]
    [InlineData("submit rates.yaml --wacth", "Did you mean `--watch`?")]
    [InlineData("list --fromat json", "Did you mean `--format`?")]
    [InlineData("compare last --by epochs --wher kind=cnn", "Did you mean `--where`?")]
    [InlineData("status --jsn last", "has no option --jsn")]
    [InlineData("status --jsn", "has no option --jsn")]
    [InlineData("submit --no-resue rates.yaml", "Did you mean `--no-reuse`?")]
    [InlineData("cluster up --silo 3", "Did you mean `--silos`?")]
    [InlineData("checkpoint export last --trial 1 --out x", "Did you mean `--output`?")]
    public void AnUnknownOptionGetsASuggestion(string line, string expected) => Says(line, expected);

    [Theory]
    [InlineData("status a b", "'b' is one argument too many for `sweep status`")]
    [InlineData("cluster", "`sweep cluster` needs a verb: up, status")]
    [InlineData("extend last --epochs many", "--epochs: 'many' is no whole number")]
    [InlineData("list --format xml", "'xml'")]
    public void WhatElseIsWrongIsSaidPlainly(string line, string expected) => Says(line, expected);

    [Theory]
    [InlineData("delete")]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("retry")]
    [InlineData("extend", "--epochs", "3")]
    [InlineData("fork", "--trial", "1", "--at", "1", "--set", "dropout=0.1")]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("trials")]
    [InlineData("results")]
    [InlineData("compare", "--by", "dropout")]
    [InlineData("effects")]
    [InlineData("trace")]
    [InlineData("checkpoints")]
    [InlineData("recipe")]
    [InlineData("verify")]
    public void AnEmptyIdIsBadInputForEveryVerb(params string[] line)
    {
        foreach (string empty in (string[])["", " "])
            Assert.Contains(Misunderstanding.Of(SweepCommand.Create().Parse([line[0], empty, .. line[1..]])),
                m => m.Contains("ID: '' is empty", StringComparison.Ordinal));
    }

    [Fact]
    public void AnEmptyKeyFileOrTargetIsBadInput()
    {
        foreach (string[] line in (string[][])[["submit", "a.yaml", "--key", ""], ["submit", ""],
            ["extend", "last", "--epochs", "3", "--key", ""], ["checkpoint", "export", "last", "--trial", "1", "-o", ""],
            ["recipe", "diff", "a", "--trial", "1", "--with", "2", "--of", ""], ["compare", "last", "--by", ""],
            ["effects", "last", "--where", ""], ["effects", "last", "--metric", ""]])
            Assert.Contains(Misunderstanding.Of(SweepCommand.Create().Parse(line)), m => m.Contains("is empty", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("submit rates.yaml --watch --key k")]
    [InlineData("recipe diff last --trial 1 --with 2")]
    [InlineData("compare last --by batch_norm --where kind=dense --where epochs=40 --metric test_accuracy --baseline false")]
    [InlineData("cluster logs silo-1 -n 5")]
    [InlineData("status -- --odd")]
    [InlineData("help cluster up")]
    [InlineData("--help")]
    [InlineData("--version")]
    public void WhatIsRightIsUnderstood(string line) => Assert.Empty(Misunderstanding.Of(SweepCommand.Create().Parse(line)));

    private static void Says(string line, string expected) =>
        Assert.Contains(Misunderstanding.Of(SweepCommand.Create().Parse(line)), m => m.Contains(expected, StringComparison.Ordinal));
}
