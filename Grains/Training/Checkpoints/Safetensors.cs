using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grains.Interfaces.Model;

namespace Grains.Training.Checkpoints;

/// <summary>
/// Reads and writes the safetensors format: the header's length (8 bytes, little-endian), a JSON header with each tensor's dtype, shape and
/// place, then the raw numbers. The bytes that are written depend on the content alone: names stand in ordinal order, and the header is
/// padded to 8 bytes. A file that is read may have any order and any padding, and every tensor must be float32.
/// </summary>
public static class Safetensors
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8;

    public static byte[] Write(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        byte[] header = Header(sorted, metadata);
        var file = GC.AllocateUninitializedArray<byte>(
            checked((int)(LengthBytes + header.Length + (sorted.Sum(t => (long)t.Values.Length) * sizeof(float)))));
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, LengthBytes);
        int at = LengthBytes + header.Length;
        foreach (var tensor in sorted)
        {
            MemoryMarshal.AsBytes(tensor.Values.AsSpan()).CopyTo(file.AsSpan(at));
            at += tensor.Values.Length * sizeof(float);
        }
        return file;
    }

    /// <param name="source">The name of the file in messages.</param>
    /// <exception cref="SpecException">The bytes are not a safetensors file of float32 tensors.</exception>
    public static TensorFile Read(ReadOnlySpan<byte> file, string source = "checkpoint")
    {
        if (file.Length < LengthBytes) throw Damaged(source, $"its {file.Length} bytes cannot hold the header's length");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > (ulong)(file.Length - LengthBytes))
        {
            throw Damaged(source, $"its header claims {length} bytes and {file.Length - LengthBytes} are there");
        }

        var header = file.Slice(LengthBytes, (int)length);
        var data = file[(LengthBytes + (int)length)..];
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(header));
            var tensors = ImmutableArray.CreateBuilder<NamedTensor>();
            var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (entry.Name != MetadataKey) tensors.Add(Tensor(entry, data, source));
                else foreach (var pair in entry.Value.EnumerateObject()) metadata[pair.Name] = pair.Value.GetString() ?? "";
            }
            tensors.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            for (int i = 1; i < tensors.Count; i++)
            {
                if (tensors[i].Name == tensors[i - 1].Name) throw Damaged(source, $"{tensors[i].Name} is there twice");
            }
            return new TensorFile(tensors.ToImmutable(), metadata.ToImmutable());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Damaged(source, $"its header is not what safetensors writes ({e.Message})");
        }
    }

    private static NamedTensor Tensor(JsonProperty entry, ReadOnlySpan<byte> data, string source)
    {
        string name = entry.Name;
        string? type = entry.Value.GetProperty("dtype").GetString();
        if (type != "F32")
        {
            throw new SpecException($"{source}: {name} has dtype {type}; only F32 can be read. Convert it: tensor.to(torch.float32).");
        }

        var dimensions = entry.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToImmutableArray();
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        if (offsets is not [long begin, long end]) throw new FormatException($"{name} has {offsets.Length} data_offsets");
        double bytes = dimensions.Aggregate((double)sizeof(float), (n, d) => n * d);
        if (dimensions.Any(d => d < 0) || bytes > int.MaxValue || begin < 0 || end < begin || end - begin != bytes)
        {
            throw Damaged(source, $"{name} of shape {InitialCheckpoint.Text(dimensions)} claims the bytes {begin}..{end}");
        }
        if (end > data.Length) throw Damaged(source, $"{name} ends at byte {end} of {data.Length}: the file is cut short");

        return new NamedTensor(name, dimensions, MemoryMarshal.Cast<byte, float>(data[(int)begin..(int)end]).ToArray());
    }

    private static byte[] Header(List<NamedTensor> sorted, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(p => p.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var tensor in sorted)
            {
                long end = offset + (tensor.Values.LongLength * sizeof(float));
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int dimension in tensor.Dimensions) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static SpecException Damaged(string source, string what) =>
        new($"{source}: this is no whole safetensors file: {what}. Save it again with safetensors.");
}
