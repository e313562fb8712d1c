namespace Tests.Faults.Cases;

/// <summary>These are sweep files and data that real use found misread.</summary>
public sealed class DataCases(DataCases.Cluster cluster) : IClassFixture<DataCases.Cluster>
{
    private LocalCluster Place => cluster.Place;

    [Fact, Trait("case", "05")]
    public async Task LinksThatLoopAreReadOnceAndSaid()
    {
        string folder = Copy(5);
        var outcome = await Submitted(folder);
        Assert.Equal("Completed", outcome.State);
        Assert.Contains("passed over dark/loop, light/loop: each is a link back to the data folder", outcome.Said,
            StringComparison.Ordinal);
        Assert.Contains("passed over dark/loop, light/loop", (await Place.Run("validate", Sweep(folder))).Exits(0).Errors,
            StringComparison.Ordinal);
    }

    [Fact, Trait("case", "06")]
    public async Task HiddenFoldersAreNoClasses()
    {
        string folder = Copy(6);
        var outcome = await Submitted(folder);
        Assert.Equal("Completed", outcome.State);
        Assert.Contains("each is hidden", outcome.Said, StringComparison.Ordinal);
        Assert.Equal(2, (await Place.Json("preview", Sweep(folder)))["images"]!["classes"]!.GetValue<int>());
    }

    [Fact, Trait("case", "08")]
    public Task ClassWithoutImagesIsAMistake() => IsRefusedEverywhere(8, "class 'medium' has no image");

    [Fact, Trait("case", "09")]
    public async Task TrainingAndTestingAreSplitsAndValidationIsTakenFromTheFirst()
    {
        string folder = Copy(9);
        var outcome = await Submitted(folder);
        Assert.Equal("Completed", outcome.State);
        Assert.Contains("20 % of the training images are taken", outcome.Said, StringComparison.Ordinal);
        Assert.Equal(2, (await Place.Json("preview", Sweep(folder)))["images"]!["classes"]!.GetValue<int>());
    }

    [Theory, Trait("case", "10")]
    [InlineData("d.csv")]
    [InlineData("d2.csv")]
    public async Task LabelIsWhereTheHeaderNamesIt(string file)
    {
        string folder = Copy(10);
        File.WriteAllText(Sweep(folder), File.ReadAllText(Sweep(folder)).Replace("d.csv", file, StringComparison.Ordinal));
        var outcome = await Submitted(folder);
        Assert.Equal("Completed", outcome.State);
        Assert.Contains("its header names column 1 ('label') as the label", outcome.Said, StringComparison.Ordinal);
    }

    [Fact, Trait("case", "11")]
    public async Task FirstLineWithoutALabelIsNoHeader()
    {
        var outcome = await Submitted(Copy(11));
        Assert.Equal("Failed", outcome.State);
        Assert.Contains("d.csv:1: '' in the last column is no label", outcome.Said, StringComparison.Ordinal);
    }

    [Fact, Trait("case", "12")]
    public async Task PixelsThatAreScaledAlreadyAreRefused()
    {
        var outcome = await Submitted(Copy(12));
        Assert.Equal("Failed", outcome.State);
        Assert.Contains("Set data.max_value to the value that stands for white, such as 1.", outcome.Said, StringComparison.Ordinal);
    }

    [Fact, Trait("case", "13")]
    public async Task ExtensionsAndForksObeyTheLimitsOfTheFile()
    {
        string id = (await Place.Run("submit", Path.Combine(Copy(13), "rep.yaml"), "--watch")).Exits(0).Output.Split('\n')[0].Trim();
        async Task Refused(string complaint, params string[] arguments)
        {
            string said = (await Place.Run(arguments)).Exits(2).Errors;
            Assert.Contains(complaint, said, StringComparison.Ordinal);
            Assert.DoesNotMatch(@":\d+:\d+", said);
        }
        await Refused("--replicates: 1001 is outside 1..1000", "extend", id, "--replicates", "1001");
        await Refused("--epochs: 100001 is outside 1..100000", "extend", id, "--epochs", "100001");
        await Refused("--set epochs: 100001 is outside 1..100000", "fork", id, "--trial", "1", "--at", "1", "--set", "epochs=100001");
        await Refused("--set learning_rate: 1e-50 becomes 0 in fp32", "fork", id, "--trial", "1", "--at", "1", "--set",
            "learning_rate=1e-50", "--set", "epochs=2");
    }

    [Fact, Trait("case", "16")]
    public async Task ImagesOf16BitsAreReadByTheirRangeAndBlackOnTransparentIsRefused()
    {
        string folder = Copy(16);
        var outcome = await Submitted(folder);
        Assert.Equal("Completed", outcome.State);
        Assert.Contains("so that 255 is taken for white", outcome.Said, StringComparison.Ordinal);
        File.WriteAllText(Sweep(folder),
            File.ReadAllText(Sweep(folder)).Replace("path: data,", "path: data-alpha,", StringComparison.Ordinal));
        outcome = await Submitted(folder);
        Assert.Equal("Failed", outcome.State);
        Assert.Contains("training images are equal", outcome.Said, StringComparison.Ordinal);
    }

    [Fact, Trait("case", "17")]
    public async Task SplitThatLacksAClassIsWarnedOf()
    {
        string folder = Copy(17);
        var outcome = await Submitted(folder);
        Assert.Equal("Completed", outcome.State);
        Assert.Contains("no validation image of class light", outcome.Said, StringComparison.Ordinal);
        Assert.Contains("no validation image of class light", (await Place.Run("validate", Sweep(folder))).Exits(0).Errors,
            StringComparison.Ordinal);
    }

    [Fact, Trait("case", "19")]
    public async Task DanglingEmptyAndCutImagesAreToldApart()
    {
        // The link may have become a file on its way here.
        string folder = Copy(19), image = Path.Combine(folder, "data", "dark", "zz.png");
        File.Delete(image);
        File.CreateSymbolicLink(image, "/nonexistent.png");
        await IsRefusedEverywhere(folder, "is a link to /nonexistent.png, which is not there");
        File.Delete(image);
        File.Copy(Path.Combine(folder, "data-empty.png"), image);
        await IsRefusedEverywhere(folder, "is empty: 0 bytes");
        File.Copy(Path.Combine(folder, "cut.jpg"), image, overwrite: true);
        var outcome = await Submitted(folder);
        Assert.Equal("Failed", outcome.State);
        Assert.Contains("the image is cut", outcome.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("neither PNG nor JPEG", outcome.Said, StringComparison.Ordinal);
    }

    [Fact, Trait("case", "24")]
    public async Task TabIsReportedAtTheLineWhereItStands()
    {
        string file = Path.Combine(Copy(24), "a20-tabs.yaml");
        Assert.Contains("a tab indents it (a20-tabs.yaml:5:1)", (await Place.Run("validate", file)).Exits(2).Errors,
            StringComparison.Ordinal);
    }

    [Theory, Trait("case", "25")]
    [InlineData("a26-nul.yaml", "a26-nul.yaml:4:21")]
    [InlineData("c01.yaml", "c01.yaml:5:1")]
    public async Task NulIsAMistake(string file, string place) =>
        Assert.Contains($"U+0000 is a character that YAML forbids ({place})",
            (await Place.Run("validate", Path.Combine(Copy(25), file))).Exits(2).Errors, StringComparison.Ordinal);

    /// <summary>Copies a case into a folder of its own, because tests change their copies.</summary>
    private string Copy(int number) =>
        SharedCases.Copy(number, Directory.CreateDirectory(Place.PathOf(Guid.NewGuid().ToString("N"))).FullName);

    private static string Sweep(string folder) => Path.Combine(folder, "sweep.yaml");

    private Task IsRefusedEverywhere(int number, string complaint) => IsRefusedEverywhere(Copy(number), complaint);

    /// <summary>Checks a refusal by the client, which looks at names and sizes, and by the silo.</summary>
    private async Task IsRefusedEverywhere(string folder, string complaint)
    {
        foreach (string verb in (string[])["validate", "preview"])
            Assert.Contains(complaint, (await Place.Run(verb, Sweep(folder))).Exits(2).Errors, StringComparison.Ordinal);
        var outcome = await Submitted(folder);
        Assert.Equal("Failed", outcome.State);
        Assert.Contains(complaint, outcome.Said, StringComparison.Ordinal);
    }

    /// <summary>Returns how the folder's sweep ended, and all that was said of it: on standard error, and by `status`.</summary>
    private async Task<(string State, string Said)> Submitted(string folder)
    {
        string key = Path.GetFileName(Path.GetDirectoryName(folder)!) + Guid.NewGuid().ToString("N");
        var submitted = await Place.Run("submit", Sweep(folder), "--watch", "--key", key);
        string id = submitted.Output.Split('\n')[0].Trim(), status = (await Place.Run("status", id)).Exits(0).Output;
        string state = (await Place.Json("status", id))["state"]!.GetValue<string>();
        Assert.Equal(state == "Failed" ? 2 : 0, submitted.ExitCode);
        // A note that a person is told at first can be read again later.
        foreach (string note in submitted.Errors.Split('\n').Where(l => l.StartsWith("Warning: ", StringComparison.Ordinal)))
            Assert.Contains(string.Concat(note["Warning: ".Length..].Where(c => !char.IsWhiteSpace(c))),
                string.Concat(status.Where(c => !char.IsWhiteSpace(c))), StringComparison.Ordinal);
        return (state, submitted.Errors + status);
    }

    /// <summary>Runs one silo for all cases.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        internal LocalCluster Place { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Place = await LocalCluster.Up(silos: 1);

        public ValueTask DisposeAsync() => Place.DisposeAsync();
    }
}
