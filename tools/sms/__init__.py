from . import phone, sms_gateway, sms_text
