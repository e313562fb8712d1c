using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Training.Checkpoints;

namespace Tests.Unit.Training;

public sealed class SafetensorsTests
{
    private static readonly NamedTensor Weight = new("dense1.weight", [2, 3], [1f, -2.5f, float.NaN, 0f, -0f, 1e-40f]);
    private static readonly NamedTensor Bias = new("dense1.bias", [2], [7f, 8f]);

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        byte[] file = Safetensors.Write([Weight, Bias], new Dictionary<string, string> { ["step"] = "12" });
        var read = Safetensors.Read(file);
        Assert.Equal("12", read.Metadata["step"]);
        Assert.Equal(["dense1.bias", "dense1.weight"], read.Tensors.Select(t => t.Name));
        Assert.Equal([2, 3], read.Tensors[1].Dimensions);
        Assert.Equal(MemoryMarshal.AsBytes(Weight.Values.AsSpan()), MemoryMarshal.AsBytes(read.Tensors[1].Values.AsSpan()));
    }

    [Fact]
    public void OrderDoesNotChangeTheBytes() => Assert.Equal(Safetensors.Write([Weight, Bias]), Safetensors.Write([Bias, Weight]));

    [Fact]
    public void NumbersStartOnEightBytes() => Assert.Equal(0L, BinaryPrimitives.ReadInt64LittleEndian(Safetensors.Write([Bias])) % 8);

    [Fact]
    public void AFileOfPythonsJsonIsRead()
    {
        // The header is as json.dumps writes it with its blanks, tensors and numbers out of order, without padding.
        const string header = """
            {"__metadata__": {"format": "pt"}, "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}, "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}
            """;
        var read = Safetensors.Read(File(header, 1f, 2f, 3f));
        Assert.Equal([1f], read.Tensors[0].Values);
        Assert.Equal([2f, 3f], read.Tensors[1].Values);
        Assert.Equal("pt", read.Metadata["format"]);
    }

    [Theory]
    [InlineData("""{"a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}""", "dtype F16")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}}""", "cut short")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}""", "claims the bytes 0..8")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [-1, -2], "data_offsets": [0, 8]}}""", "claims the bytes")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2147483647, 2147483647, 2147483647], "data_offsets": [0, 8]}}""", "claims the bytes")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}}""", "claims the bytes")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0]}}""", "header")]
    [InlineData("""{"a": {"dtype": "F32", "shape": 2, "data_offsets": [0, 8]}}""", "header")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2]}}""", "header")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""",
        "twice")]
    [InlineData("[1, 2]", "header")]
    [InlineData("{\"a\": ", "header")]
    public void DamageIsNamed(string header, string part) =>
        Assert.Contains(part, Assert.Throws<SpecException>(() => Safetensors.Read(File(header, 1f, 2f), "own.safetensors")).Message);

    [Fact]
    public void EveryPlaceToCutAFileIsNoticed()
    {
        byte[] file = Safetensors.Write([Weight, Bias]);
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            Assert.StartsWith("own.safetensors: ", Assert.Throws<SpecException>(() => Safetensors.Read(cut, "own.safetensors")).Message);
        }
    }

    [Fact]
    public void AnEnormousHeaderLengthIsNoticed()
    {
        byte[] file = Safetensors.Write([Bias]);
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        Assert.Contains("18446744073709551615", Assert.Throws<SpecException>(() => Safetensors.Read(file)).Message);
    }

    private static byte[] File(string header, params float[] values)
    {
        byte[] text = Encoding.UTF8.GetBytes(header.Trim());
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. MemoryMarshal.AsBytes(values.AsSpan())];
    }
}
