using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using Grains.Programs;
using Grains.Training;

namespace Tests.Faults.Programs;

/// <summary>Trains real programs that keep the protocol.</summary>
public sealed class CommandLoopTests
{
    [Fact]
    public async Task EveryEpochIsReportedAndTheStateIsAtTheEnd()
    {
        await using var test = new Trained();
        using var loop = test.Python(Python.Saving);
        Assert.True(loop.HasState);
        Assert.Equal(1, test.Next(loop, until: 3).Values.Value(0));
        Assert.False(loop.HasState);
        Assert.Throws<InvalidOperationException>(loop.Save);
        Assert.Equal([2, 3], test.To(loop, until: 3));
        Assert.Equal(3, loop.Epoch);
        Assert.Equal("xxx", StateIn(loop.Save(), "state"));
        Assert.Empty(loop.Save().Optimizer!);
        Assert.Equal(loop.Save().Weights, loop.SaveWeights());
    }

    [Fact]
    public async Task AProgramIsToldAllThatItNeeds()
    {
        await using var test = new Trained();
        Environment.SetEnvironmentVariable("SWEEP_OF_THE_SILO", "a password");
        using var loop = test.Python("""
            names = [n for n in sorted(env) if n.startswith("SWEEP_") or n == "OMP_NUM_THREADS"]
            told = {n: env[n] for n in names if n not in ("SWEEP_PARAMETERS", "SWEEP_METRICS", "SWEEP_CHECKPOINT")}
            told |= {"parameters": parameters, "files": os.listdir("."), "state": os.listdir(folder), "input": sys.stdin.read(),
                     "metrics": os.path.getsize(env["SWEEP_METRICS"])}
            save(os.path.join(folder, "told"), json.dumps(told))
            report(1, loss=0)
            """);
        test.To(loop, until: 1);
        Environment.SetEnvironmentVariable("SWEEP_OF_THE_SILO", null);
        Assert.Equal("""
            {"OMP_NUM_THREADS": "1", "SWEEP_EPOCHS": "1", "SWEEP_FROM_EPOCH": "0", "SWEEP_REPLICATE": "2", "SWEEP_SEED": "7",
            "SWEEP_SLOT": "3", "parameters": {"lr": 0.5, "kind": "a"}, "files": ["train.py"], "state": [], "input": "", "metrics": 0}
            """.ReplaceLineEndings(" "), StateIn(loop.Save(), "told"));
    }

    [Fact]
    public async Task ANamedCheckpointIsTheStateOfItsEpoch()
    {
        await using var test = new Trained();
        using var loop = test.Python(Python.CheckpointEachEpoch);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            test.Next(loop, until: 3);
            Assert.Equal((epoch, new string('x', epoch)), (loop.Save().Epoch, StateIn(loop.Save(), "state")));
        }
    }

    [Theory]
    [InlineData(Python.Saving)]
    [InlineData(Python.CheckpointEachEpoch)]
    public async Task ASecondLoopGoesOnFromTheStateOfTheFirst(string program)
    {
        await using var test = new Trained();
        using var calm = test.Python(program);
        double[] values = test.To(calm, until: 5);
        using var first = test.Python(program);
        double[] begun = test.To(first, until: 2);
        using var second = test.Python(program, from: first.Save());
        double[] both = [.. begun, .. test.To(second, until: 5)];
        Assert.Equal(values, both);
        Assert.Equal("xxxxx", StateIn(second.Save(), "state"));
    }

    /// <summary>It counts from 1 each time. The epochs that are known already are passed over.</summary>
    [Fact]
    public async Task AProgramThatLeavesNothingStartsFromItsBeginningWhenMoreIsAskedOfIt()
    {
        const string Forgetful = """
            for epoch in range(int(env["SWEEP_FROM_EPOCH"]) + 1, int(env["SWEEP_EPOCHS"]) + 1):
                report(epoch, loss=epoch * 10)
            """;
        await using var test = new Trained();
        using var loop = test.Python(Forgetful);
        Assert.Equal([10, 20], test.To(loop, until: 2));
        Assert.Equal([30, 40], test.To(loop, until: 4));
        using var second = test.Python(Forgetful, from: loop.Save());
        Assert.Equal([50], test.To(second, until: 5));

        using var unsure = test.Python(Forgetful, from: loop.Save(), repeatable: false);
        Assert.Contains("program.repeatable", Assert.Throws<SpecException>(() => test.Next(unsure, until: 5)).Message, StringComparison.Ordinal);
    }

    /// <summary>What was named on the way is a state of another epoch, and no part of the last one.</summary>
    [Fact]
    public async Task TheLastStateIsTheSameWhereverTheProgramWasInterrupted()
    {
        const string Both = """
            start = int(env["SWEEP_FROM_EPOCH"])
            for epoch in range(start + 1, int(env["SWEEP_EPOCHS"]) + 1):
                name = None
                if epoch % 2 == 0:
                    name = f"at-{epoch}"
                    os.mkdir(os.path.join(folder, name))
                    save(os.path.join(folder, name, "state"), str(epoch))
                report(epoch, loss=epoch, **({"checkpoint": name} if name else {}))
            save(os.path.join(folder, "state"), "end")
            """;
        await using var test = new Trained();
        using var calm = test.Python(Both);
        test.To(calm, until: 5);
        using var first = test.Python(Both);
        test.To(first, until: 2);
        using var second = test.Python(Both, from: first.Save());
        test.To(second, until: 5);
        Assert.Equal("end", StateIn(calm.Save(), "state"));
        Assert.Equal(calm.Save().Weights, second.Save().Weights);
    }

    [Fact]
    public async Task AnExtensionStartsTheProgramAgainFromItsState()
    {
        await using var test = new Trained();
        using var loop = test.Python(Python.Saving);
        Assert.Equal([1, 2], test.To(loop, until: 2));
        Assert.Equal([3, 4, 5], test.To(loop, until: 5));
        Assert.Equal([6], test.To(loop, until: 6));
        Assert.Equal("xxxxxx", StateIn(loop.Save(), "state"));
        Assert.Equal(["from epoch 0 up to epoch 2", "from epoch 2 up to epoch 5", "from epoch 5 up to epoch 6"],
            File.ReadLines(test.Log).Where(l => l.StartsWith("== ", StringComparison.Ordinal)).Select(l => l.Split(": ")[1]));
    }

    [Fact]
    public async Task AnEarlierEpochStopsTheProgramWhereItsStateIsAtHand()
    {
        await using var test = new Trained();
        using var loop = test.Python(Python.CheckpointEachEpoch + "\n" + """
            time.sleep(last - 2)
            """);
        test.Next(loop, until: 1000);
        Assert.Equal([2], test.To(loop, until: 2));
        Assert.Equal("xx", StateIn(loop.Save(), "state"));
    }

    [Fact]
    public async Task AnEarlierEpochLetsTheProgramTrainOnWhereItIsNot()
    {
        await using var test = new Trained();
        using var loop = test.Python(Python.Saving);
        test.Next(loop, until: 4);
        Assert.Equal([2, 3], test.To(loop, until: 3));
        Assert.False(loop.HasState);
        Assert.Equal([4], test.To(loop, until: 4));
        Assert.True(loop.HasState);
    }

    [Fact]
    public async Task AnyLanguageWillDo()
    {
        await using var test = new Trained();
        using var loop = test.Run(["sh", "-c", """
            e=$SWEEP_FROM_EPOCH
            while [ $e -lt $SWEEP_EPOCHS ]; do e=$((e+1)); printf '{"epoch": %d, "loss": -nan}\r\n' $e >> $SWEEP_METRICS; done
            """]);
        Assert.Equal([double.NaN, double.NaN], test.To(loop, until: 2));
        Assert.Empty(loop.Save().Weights);
    }

    [Fact]
    public async Task TheLastLineNeedsNoEnd()
    {
        await using var test = new Trained();
        using var loop = test.Run(["sh", "-c", "printf '{\"epoch\":1,\"loss\":4}' > \"$SWEEP_METRICS\""]);
        Assert.Equal([4], test.To(loop, until: 1));
    }

    [Fact]
    public async Task AGuardMayBeALibrary()
    {
        await using var test = new Trained();
        using var loop = test.Run(["sh", "-c", "echo '{\"epoch\":1,\"loss\":4}' >> \"$SWEEP_METRICS\""], guard: Trained.Guard + ".dll");
        Assert.Equal([4], test.To(loop, until: 1));
    }

    [Fact]
    public async Task ACheckpointThatALaterOneHasReplacedIsPassedOver()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            import shutil
            for epoch in range(first, last + 1):
                save(os.path.join(folder, f"e{epoch}", "state"), str(epoch))
                if epoch > 1: shutil.rmtree(os.path.join(folder, f"e{epoch - 1}"))
            for epoch in range(first, last + 1):
                report(epoch, loss=epoch, checkpoint=f"e{epoch}")
            """);
        await test.Begin(loop, until: 3);
        Assert.Equal([2, 3], test.To(loop, until: 3));
        Assert.Equal("3", StateIn(loop.Save(), "state"));
    }

    [Fact]
    public async Task ProgramsOfEqualContentHaveEqualStates()
    {
        await using var test = new Trained();
        using CommandLoop first = test.Python(Python.Saving), second = test.Python(Python.Saving);
        test.To(first, until: 2);
        test.To(second, until: 1);
        test.To(second, until: 2);
        Assert.Equal(first.Save().Weights, second.Save().Weights);
    }

    [Fact]
    public async Task AGigabyteOfOutputIsTakenAndDropped()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            line = b"x" * 1023 + b"\n"
            for _ in range(1 << 10): sys.stdout.buffer.write(line * (1 << 10))
            sys.stdout.flush()
            print("done", file=sys.stderr)
            report(1, loss=0)
            """);
        test.To(loop, until: 1);
        Assert.InRange(new FileInfo(test.Log).Length, 1 << 20, (1 << 20) + 1000);
        Assert.Contains("is dropped", File.ReadLines(test.Log).Last());
    }

    internal static string StateIn(TrainingState state, string name)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-state-").FullName;
        try
        {
            PackedFiles.Unpack(state.Weights, folder);
            return File.ReadAllText(Path.Combine(folder, name), Encoding.UTF8);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
