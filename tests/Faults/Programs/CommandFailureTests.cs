using Grains.Interfaces.Model;
using Grains.Programs;

namespace Tests.Faults.Programs;

/// <summary>Trains real programs that fail or break the protocol.</summary>
public sealed class CommandFailureTests
{
    [Fact]
    public async Task AnExitCodeFailsTheTrainingAndTheLastLinesAreQuoted()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            report(1, loss=1)
            for i in range(9): print("line", i)
            sys.exit("no such data")
            """);
        test.Next(loop, until: 3);
        var failure = test.Fails(loop, until: 3);
        Assert.Equal(FailureClass.Error, failure.Failure);
        Assert.Equal($"""
            The program ended with exit code 1 at epoch 2, and 0 says that all went well. Mend the program, and try again from the last
            checkpoint with `sweep retry`.
            Its last lines ({test.Log}):
              line 5
              line 6
              line 7
              line 8
              no such data
            """, failure.Message.Replace("the last checkpoint", "the last\ncheckpoint"));
    }

    [Theory]
    [InlineData("print('{\"epoch\": 1, \"loss\"', file=open(env['SWEEP_METRICS'], 'a'))", "is no JSON")]
    [InlineData("report(1, loss=1, speed=2)", "has speed, which is not declared")]
    [InlineData("report(1)", "lacks loss")]
    [InlineData("report(2, loss=1)", "is of epoch 2, and epoch 1 comes next")]
    [InlineData("report(1, loss='low')", "has the value \"low\" for loss")]
    [InlineData("report(1, loss=1, checkpoint='e1')", "The checkpoint 'e1' is not there")]
    [InlineData("report(1, loss=1, checkpoint='..')", "The checkpoint '..' is no subfolder")]
    [InlineData("report(1, loss=1, checkpoint='/tmp')", "The checkpoint '/tmp' is no subfolder")]
    [InlineData("os.symlink('/tmp', folder + '/e1'); report(1, loss=1, checkpoint='e1')", "The checkpoint 'e1' is no subfolder")]
    [InlineData("os.mkfifo(folder + '/pipe'); report(1, loss=1)", "checkpoint: pipe is a named pipe (FIFO)")]
    [InlineData("report(1, loss=1); report(2, loss=2)", "reported more than epoch 1, the last")]
    [InlineData("os.remove(env['SWEEP_METRICS'])", "The file of $SWEEP_METRICS is not there")]
    [InlineData("open(env['SWEEP_METRICS'], 'w').write('x' * (2 << 20))", "longer than 1048576 bytes")]
    public async Task WhatBreaksTheProtocolIsInvalid(string body, string message)
    {
        await using var test = new Trained();
        using var loop = test.Python(body);
        var failure = test.Fails(loop, until: 1);
        Assert.Equal(FailureClass.Invalid, failure.Failure);
        Assert.Contains(message, failure.Message);
        Assert.Contains($"It printed nothing ({test.Log}).", failure.Message);
    }

    [Fact]
    public async Task ARepeatedEpochIsInvalid()
    {
        await using var test = new Trained();
        using var loop = test.Python("report(1, loss=1); report(1, loss=2); report(2, loss=1)");
        test.Next(loop, until: 2);
        Assert.Contains("is of epoch 1, and epoch 2 comes next", test.Fails(loop, until: 2).Message);
    }

    [Fact]
    public async Task AnEndBeforeTheLastEpochFails()
    {
        await using var test = new Trained();
        using var loop = test.Python("report(1, loss=1)");
        test.Next(loop, until: 2);
        var failure = test.Fails(loop, until: 2);
        Assert.Equal(FailureClass.Error, failure.Failure);
        Assert.StartsWith("The program ended with exit code 0, but has not reported epoch 2 of 2.", failure.Message);
    }

    [Fact]
    public async Task ABadExitAfterTheLastEpochFails()
    {
        await using var test = new Trained();
        using var loop = test.Python("report(1, loss=1); os.abort()");
        Assert.StartsWith("The program ended with exit code 134 (SIGABRT) at epoch 1", test.Fails(loop, until: 1).Message);
    }

    [Fact]
    public async Task AHalfWrittenLineOfAProgramThatFailedIsNoMistakeOfItsOwn()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            print('{"epoch": 1, "lo', end="", file=open(env["SWEEP_METRICS"], "a"))
            sys.exit(5)
            """);
        Assert.StartsWith("The program ended with exit code 5 at epoch 1", test.Fails(loop, until: 1).Message);
    }

    [Theory]
    [InlineData("no-such-program", "run: no-such-program was not found on this silo")]
    [InlineData("./train", "run: ./train was not found on this silo")]
    [InlineData("/tmp", "run: /tmp could not be started")]
    public async Task AProgramThatCannotBeStartedFailsWithTheRemedy(string program, string message)
    {
        await using var test = new Trained();
        using var loop = test.Run([program]);
        var failure = test.Fails(loop, until: 1);
        Assert.Equal(FailureClass.Error, failure.Failure);
        Assert.StartsWith(message, failure.Message);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    public async Task AProgramsOwnExitCodeIsNotTakenForTheGuards(int code)
    {
        await using var test = new Trained();
        using var loop = test.Run(["sh", "-c", $"exit {code}"]);
        Assert.StartsWith($"The program ended with exit code {code} at epoch 1", test.Fails(loop, until: 1).Message);
    }

    [Fact]
    public async Task ASiloWithoutItsGuardFails()
    {
        await using var test = new Trained();
        using var loop = test.Run(["true"], guard: test.PathOf("nowhere"));
        Assert.Contains("cannot be started", test.Fails(loop, until: 1).Message);
    }

    [Fact]
    public async Task TooLongAnEpochFails()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            report(1, loss=1)
            print("stuck")
            time.sleep(1000)
            """, timeout: TimeSpan.FromSeconds(4));
        test.Next(loop, until: 2);
        var failure = test.Fails(loop, until: 2);
        Assert.Equal(FailureClass.Error, failure.Failure);
        Assert.StartsWith("epoch 2 took longer than 4s (program.timeout).", failure.Message);
        Assert.EndsWith("\n  stuck", failure.Message);
    }

    [Fact]
    public async Task TooMuchMemoryOfAllProcessesTogetherFails()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            child = subprocess.Popen([sys.executable, "-c", "import time; x = b'x' * (80 << 20); time.sleep(1000)", sys.argv[1]])
            x = b"x" * (80 << 20)
            child.wait()
            """, memory: 150 << 20);
        var failure = test.Fails(loop, until: 1);
        Assert.Equal(FailureClass.OutOfMemory, failure.Failure);
        Assert.StartsWith("The program and what it started held more than 157286400 bytes of memory", failure.Message);
    }

    [Fact]
    public async Task MemoryThatProcessesShareCountsOnce()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            x = b"x" * (80 << 20)
            children = [os.fork() for _ in range(1)]
            if children[0] == 0:
                time.sleep(4)
                os._exit(0)
            os.waitpid(children[0], 0)
            report(1, loss=1)
            """, memory: 150 << 20);
        Assert.Equal([1], test.To(loop, until: 1));
    }
}
