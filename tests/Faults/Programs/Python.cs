namespace Tests.Faults.Programs;

/// <summary>The programs that the tests run. Each is a whole training program, as short as its language lets it be.</summary>
internal static class Python
{
    /// <summary>The beginning of a program: what it is told, and a way to report.</summary>
    private const string Head = """
        import json, os, signal, subprocess, sys, time
        env = os.environ
        first, last = int(env["SWEEP_FROM_EPOCH"]) + 1, int(env["SWEEP_EPOCHS"])
        parameters = json.load(open(env["SWEEP_PARAMETERS"]))
        folder = env["SWEEP_CHECKPOINT"]
        def report(epoch, **values):
            with open(env["SWEEP_METRICS"], "a") as f:
                print(json.dumps({"epoch": epoch, **values}), file=f)
        def save(path, text):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
        def load(default):
            path = os.path.join(folder, "state")
            return open(path).read() if os.path.exists(path) else default

        """;

    /// <summary>Its state is a text to which each epoch adds a letter; the loss is the text's length. It saves at the end.</summary>
    public const string Saving = """
        state = load("")
        for epoch in range(first, last + 1):
            state += "x"
            report(epoch, loss=len(state))
        save(os.path.join(folder, "state"), state)
        """;

    /// <summary>The same, with a checkpoint at each epoch.</summary>
    public const string CheckpointEachEpoch = """
        state = load("")
        for epoch in range(first, last + 1):
            state += "x"
            save(os.path.join(folder, f"e{epoch}", "state"), state)
            report(epoch, loss=len(state), checkpoint=f"e{epoch}")
        """;

    /// <summary>Makes a program of one that begins with what every one needs.</summary>
    public static string Program(string body) => Head + body;
}
