/* A photo is made small on the phone before it is sent: 200 kB over a slow line instead of 4 MB, and without where it
   was taken. Without this file, or where a browser cannot, it is sent as it is, and the server does the same. */
document.querySelectorAll("input[type=file][data-shrink]").forEach((input) => {
  input.addEventListener("change", async () => {
    const [photo] = input.files;
    if (!photo || photo.size < 300_000) return;
    const buttons = input.form.querySelectorAll("button");
    buttons.forEach((button) => (button.disabled = true));
    try {
      const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
      const scale = Math.min(1, Number(input.dataset.shrink) / Math.max(picture.width, picture.height));
      const sheet = document.createElement("canvas");
      sheet.width = Math.round(picture.width * scale);
      sheet.height = Math.round(picture.height * scale);
      sheet.getContext("2d").drawImage(picture, 0, 0, sheet.width, sheet.height);
      const small = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.8));
      const files = new DataTransfer();
      files.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
      if (small.size < photo.size) input.files = files.files;
    } catch {
      /* Sent as it is. */
    } finally {
      buttons.forEach((button) => (button.disabled = false));
    }
  });
});
