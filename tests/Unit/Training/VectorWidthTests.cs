using System.Diagnostics;
using Grains.Interfaces.Model;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Models;
using static Tests.Unit.Training.Computing;

namespace Tests.Unit.Training;

/// <summary>
/// The bits are the same with vectors of 512 bits, of 256, and with none of the newer instructions. This process is compared with children
/// of it that the runtime forbids them. Each child runs <see cref="WritesItsDigests"/> alone.
/// </summary>
public sealed class VectorWidthTests
{
    private const string FileVariable = "VECTOR_WIDTH_DIGESTS";

    /// <summary>The names that the runtime of .NET 10 and that of earlier ones give it.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX2", "DOTNET_EnableAVX")]
    [InlineData("DOTNET_EnableHWIntrinsic", "DOTNET_EnableHWIntrinsic")]
    public void DropoutAndTrainingHaveTheSameBits(string forbidden, string older)
    {
        Assert.SkipWhen(forbidden.EndsWith("AVX512", StringComparison.Ordinal) && Widest() != "512",
            "This processor has no AVX-512 that could be forbidden.");
        string file = Path.GetTempFileName();
        try
        {
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
                ["-noLogo", "-method", $"{typeof(VectorWidthTests).FullName}.{nameof(WritesItsDigests)}"])
            {
                RedirectStandardOutput = true,
                Environment = { [forbidden] = "0", [older] = "0", [FileVariable] = file },
            })!;
            string output = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            string[] lines = File.ReadAllLines(file);
            Assert.True(child.ExitCode == 0 && lines.Length > 1, output);
            Assert.NotEqual($"{Widest()} bits", lines[0]);
            Assert.Equal(Digests(), lines[1..]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void WritesItsDigests()
    {
        string[] digests = Digests();
        Assert.NotEmpty(digests);
        if (Environment.GetEnvironmentVariable(FileVariable) is { } file) File.WriteAllLines(file, [$"{Widest()} bits", .. digests]);
    }

    /// <summary>
    /// Writes digests of a mask, a dense and a convolutional training. There are no exponentials, because how those are approximated is
    /// the runtime's affair.
    /// </summary>
    private static string[] Digests() => OnThread(() =>
    {
        float[] mask = new float[3000];
        new DropoutMask(3, 2, "dropout1", 0.3).Fill(mask, 5, 7);
        ushort[] kept = new ushort[600 * 2];
        new DropoutMask(3, 2, "dropout1", 0.3).Fill(kept, 24, 25, 2, 7);
        return new[]
        {
            $"mask {Digest.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mask.AsSpan()).ToArray())}",
            $"kept {Digest.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(kept.AsSpan()).ToArray())}",
            $"dense {Trained(Dense with { Hidden = [75, 33] }, 20)}",
            $"cnn {Trained(Cnn with { Filters = [20, 35], Dense = [] }, 13)}",
        };
    });

    private static string Trained(ModelSpec model, int size)
    {
        var data = Stripes(train: 70, validation: 19, test: 0, size: size, classes: 5);
        var state = Train(Recipe(model, data, batch: 33), data, 2).State;
        return $"{Digest.Of(state.Weights)} {Digest.Of(state.Optimizer!)}";
    }

    private static string Widest() =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "512" : System.Runtime.Intrinsics.X86.Avx2.IsSupported ? "256" : "128";
}
