using System.CommandLine;

namespace Client.Commands;

/// <summary>The root: which verbs there are.</summary>
internal static class SweepCommand
{
    public static RootCommand Create() => new(
        $"""
        Hyperparameter sweeps on an Orleans cluster of training silos.

        State lives under {SweepHome.Variable} (default: the platform's folder for a user's data). An ID may be its beginning, or `last`.

        {ExitCodes.Help}
        """)
    {
        DemoCommand.Create(),
        ClusterCommand.Create(),
        ValidateCommand.Create(),
        PreviewCommand.Create(),
        DescribeCommand.Create(),
        SubmitCommand.Create(),
        ListCommand.Create(),
        StatusCommand.Create(),
        WatchCommand.Create(),
        TrialsCommand.Create(),
        ResultsCommand.Create(),
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
        SuperviseCommand.Create(),
    };
}
