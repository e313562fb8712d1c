using System.Collections.Immutable;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

/// <summary>Whatever writes a value (file, option, draw) obeys the same limits.</summary>
public sealed class LimitTests
{
    private static readonly SweepId Parent = new("parent");

    [Theory]
    [InlineData(100_001, null, null, "--epochs: 100001 is outside 1..100000")]
    [InlineData(0, null, null, "--epochs: 0 is outside")]
    [InlineData(null, 100_001, null, "--trials: 100001 is outside 1..100000")]
    [InlineData(null, null, 1001, "--replicates: 1001 is outside 1..1000")]
    [InlineData(null, null, int.MaxValue, "--replicates: 2147483647 is outside 1..1000")]
    public void ExtensionBeyondTheFilesLimitsIsRefused(int? epochs, int? trials, int? replicates, string complaint)
    {
        var extension = new SweepExtension(epochs, trials, replicates);
        var spec = SpecFiles.Spec("parameters: {dropout: {min: 0, max: 0.5}}\nsearch: {sampler: random, trials: 2}");
        Assert.Contains(complaint, Assert.Throws<SpecException>(() => SweepPlanner.RequireLimits(extension)).Message,
            StringComparison.Ordinal);
        Assert.Contains(complaint, Assert.Throws<SpecException>(() => SweepPlanner.Extend(spec, extension)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ExtensionToTheLimitsIsNot() => SweepPlanner.RequireLimits(new SweepExtension(100_000, 100_000, 1000));

    [Theory]
    [InlineData("epochs: 100001", "--set epochs: 100001 is outside 1..100000. Use a whole number, 1..100000.")]
    [InlineData("learning_rate: 1e-50", "--set learning_rate: 1e-50 becomes 0 in fp32. Use a larger number.")]
    [InlineData("learning_rate: 1e39", "--set learning_rate: 1e39 becomes infinite in fp32. Use a smaller number.")]
    [InlineData("epoch: 5", "--set epoch: is not a known key here. Did you mean `epochs`?")]
    [InlineData("epochs: 5, epochs: 6", "--set epochs: stands twice. Keep one of them.")]
    [InlineData("epochs: [", "--set: 'epochs: [' is no setting.")]
    [InlineData("epochs: 5}, {name: x", "--set: '}' in 'epochs: 5}, {name: x' belongs to no setting.")]
    [InlineData("epochs: 5 # }", "--set: '#' in")]
    [InlineData("epochs: 5\nx: 6", "--set: '\n' in")]
    public void WrongSettingOfAForkIsToldByItsOption(string settings, string complaint)
    {
        string message = Assert.Throws<SpecException>(
            () => ForkPlanner.Of(SpecFiles.Spec("training: {epochs: 4}"), new ForkRequest(Parent, 1, 2, settings))).Message;
        Assert.StartsWith(complaint, message, StringComparison.Ordinal);
        Assert.DoesNotMatch(@":\d+:\d+", message);
    }

    [Fact]
    public void SettingsOfAForkAreRead()
    {
        var plan = ForkPlanner.Of(SpecFiles.Spec("training: {epochs: 4}"),
            new ForkRequest(Parent, 1, 2, "hidden: [7, 8], dropout: 0.5, epochs: 9"));
        Assert.Equal(9, plan.Points[0].Epochs);
        Assert.Equal([7, 8], ((DenseModel)((Configuration)plan.Points[0].Configuration).Model).Hidden);
    }

    [Theory]
    [InlineData("learning_rate", 1e-50, "learning_rate: 1e-50 becomes 0 in fp32")]
    [InlineData("epochs", 100_001, "epochs: 100001 is outside 1..100000")]
    [InlineData("dropout", 1.5, "dropout: 1.5 is outside 0..1 without 1")]
    public void PointThatNoFileWroteObeysTheDomainsToo(string setting, double value, string complaint)
    {
        var point = new NamedPoint("drawn", ImmutableSortedDictionary<string, SettingValue>.Empty.Add(setting, new NumberValue(value)));
        var spec = SpecFiles.Spec("") with { Trials = [point] };
        Assert.Contains(complaint, Assert.Throws<SpecException>(() => SweepPlanner.Plan(spec)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbersAreDrawnFromRangesBeyondAnInt()
    {
        const double most = 9007199254740992;
        var plan = SpecFiles.Plan($"search: {{sampler: random, trials: 50}}\nparameters: {{learning_rate: {{distribution: int_uniform, " +
            $"min: 1, max: {most:R}}}}}");
        var drawn = plan.Points.Select(p => ((Configuration)p.Configuration).Optimizer.LearningRate).ToList();
        Assert.All(drawn, rate => Assert.True(rate >= 1 && rate <= most && double.IsInteger(rate), $"{rate}"));
        Assert.Contains(drawn, rate => rate > int.MaxValue);
    }

    [Fact]
    public void SweepFileInUtf16IsReadByItsMark()
    {
        const string text = "name: café\ndata: {source: xray-phantom}\n";
        foreach (var encoding in new Encoding[] { Encoding.Unicode, Encoding.BigEndianUnicode, new UTF8Encoding(true) })
            Assert.Equal(text, SweepFileText.Decode([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]));
    }

    [Fact]
    public void AnchorsThatMultiplyAreReadInNoTime()
    {
        var text = new StringBuilder("name: t\ndata: {source: xray-phantom}\nparameters:\n  hidden:\n    values:\n      - &a0 [1, 1]\n");
        for (int i = 1; i < 25; i++) text.Append($"      - &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Equal(24, SweepSpecReader.Read(text.ToString(), "t.yaml", "/").Errors.Length);
    }
}
