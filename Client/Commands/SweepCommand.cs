using System.CommandLine;
using System.CommandLine.Help;

namespace Client.Commands;

/// <summary>The root command, which lists the verbs.</summary>
internal static class SweepCommand
{
    public const string Name = "sweep";

    public static RootCommand Create()
    {
        var root = Root();
        // These are Windows' spellings, and a shell would offer them as files.
        foreach (var help in root.Options.OfType<HelpOption>())
            foreach (string alias in help.Aliases.Where(a => a[0] == '/').ToList()) help.Aliases.Remove(alias);
        return root;
    }

    private static RootCommand Root() => new(
        $"""
        Hyperparameter sweeps on an Orleans cluster of training silos.

        State lives under {SweepHome.Variable} (default: the platform's folder for a user's data). An ID may be `last`, or its beginning where nothing is changed.

        {ExitCodes.Help}
        """)
    {
        DemoCommand.Create(),
        ClusterCommand.Create(),
        ValidateCommand.Create(),
        PreviewCommand.Create(),
        DescribeCommand.Create(),
        SimulateCommand.Create(),
        SubmitCommand.Create(),
        ListCommand.Create(),
        StatusCommand.Create(),
        WatchCommand.Create(),
        TrialsCommand.Create(),
        ResultsCommand.Create(),
        CompareCommand.Create(),
        EffectsCommand.Create(),
        PauseCommand.Create(),
        ResumeCommand.Create(),
        RetryCommand.Create(),
        ExtendCommand.Create(),
        CancelCommand.Create(),
        DeleteCommand.Create(),
        DoctorCommand.Create(),
        VerifyCommand.Create(),
        TraceCommand.Create(),
        CheckpointCommand.Create(),
        CheckpointsCommand.Create(),
        ForkCommand.Create(),
        RecipeCommand.Create(),
        CacheCommand.Create(),
        CompletionCommand.Create(),
        HelpCommand.Create(),
        SuperviseCommand.Create(),
    };
}
